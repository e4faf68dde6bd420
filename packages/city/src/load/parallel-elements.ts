import type { CircuitElement } from './circuit-element.ts';
import type { ElementNode } from './element-node.ts';
import { ElementCore, ElementPort } from './element-port.ts';

/** Elements side by side inside one appliance, such as the heater and the fan of a hair dryer, as one element. */
export class ParallelElements extends ElementCore {
  readonly parts: readonly CircuitElement[];
  #isOpening = false;

  constructor(parts: readonly CircuitElement[]) {
    super(parts.every((part) => part.isLinear));
    this.parts = parts.map((part) => (part instanceof ElementCore ? part.port : part));
  }

  prepare(node: ElementNode): void {
    for (const part of this.parts) if (part.isActive) part.prepare(node);
    this.#combine();
  }

  override settle(node: ElementNode): boolean {
    let agrees = true;
    for (const part of this.parts) if (part.isActive && !part.isLinear && !part.settle(node)) agrees = false;
    if (!agrees) this.#combine();
    return agrees;
  }

  commit(node: ElementNode): void {
    let currentA = 0;
    let isActive = false;
    for (const part of this.parts) {
      if (!part.isActive) continue;
      part.commit(node);
      currentA += part.currentA;
      isActive ||= part.isActive;
    }
    // A closed appliance stays active while its thermostat rests: the part that closes again must be found.
    this.port.isActive = isActive || !this.#isOpening;
    this.port.currentA = currentA;
  }

  close(): void {
    for (const part of this.parts) part.close();
    this.wake();
  }

  /** To be called after parts were closed one by one. */
  wake(): void {
    this.port.isActive = true;
    this.#isOpening = false;
    for (const part of this.parts) {
      if (part instanceof ElementPort && part.core instanceof ParallelElements) part.core.wake();
    }
  }

  open(): void {
    this.#isOpening = true;
    for (const part of this.parts) part.open();
  }

  #combine(): void {
    let g = 0;
    let j = 0;
    for (const part of this.parts) {
      if (!part.isActive) continue;
      g += part.conductance;
      j += part.sourceA;
    }
    this.port.conductance = g;
    this.port.sourceA = j;
  }
}
