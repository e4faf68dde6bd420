import type { CircuitElement } from '../load/circuit-element.ts';
import { ElementNode } from '../load/element-node.ts';
import { ElementPort } from '../load/element-port.ts';
import { flattenElements } from '../load/flatten-elements.ts';

/**
 * What lies behind a gap, as one companion. Asks its parts whether they are active at every turn: a part of an appliance
 * may close long after the appliance was switched on.
 */
export class ElementGroup {
  conductance = 0;
  sourceA = 0;
  currentA = 0;
  /** Where the parts hang: behind the gap. */
  readonly #node = new ElementNode();
  readonly #parts: readonly CircuitElement[];
  readonly #element: CircuitElement;

  constructor(element: CircuitElement) {
    this.#element = element;
    this.#parts = flattenElements([element]);
  }

  get isActive(): boolean {
    for (let n = 0; n < this.#parts.length; n++) if ((this.#parts[n] as CircuitElement).isActive) return true;
    return false;
  }

  get isLinear(): boolean {
    for (let n = 0; n < this.#parts.length; n++) if (!(this.#parts[n] as CircuitElement).isLinear) return false;
    return true;
  }

  /** The parts that draw current; undefined when one of them is itself behind a gap. */
  activePorts(): readonly ElementPort[] | undefined {
    const ports: ElementPort[] = [];
    for (const part of this.#parts) {
      if (!(part instanceof ElementPort)) return undefined;
      if (part.isActive) ports.push(part);
    }
    return ports;
  }

  prepare(phaseTurns: number, lastV: number): void {
    const node = this.#node;
    node.phaseTurns = phaseTurns;
    node.voltageV = lastV;
    for (let n = 0; n < this.#parts.length; n++) {
      const part = this.#parts[n] as CircuitElement;
      if (part.isActive) part.prepare(node);
    }
    this.#combine();
  }

  settle(v: number): boolean {
    const node = this.#node;
    node.voltageV = v;
    let agrees = true;
    for (let n = 0; n < this.#parts.length; n++) {
      const part = this.#parts[n] as CircuitElement;
      if (part.isActive && !part.isLinear && !part.settle(node)) agrees = false;
    }
    if (!agrees) this.#combine();
    return agrees;
  }

  commit(v: number): void {
    const node = this.#node;
    node.voltageV = v;
    let currentA = 0;
    for (let n = 0; n < this.#parts.length; n++) {
      const part = this.#parts[n] as CircuitElement;
      if (!part.isActive) continue;
      part.commit(node);
      currentA += part.currentA;
    }
    this.currentA = currentA;
  }

  close(): void {
    this.#element.close();
  }

  open(): void {
    this.#element.open();
  }

  #combine(): void {
    let g = 0;
    let j = 0;
    for (let n = 0; n < this.#parts.length; n++) {
      const part = this.#parts[n] as CircuitElement;
      if (!part.isActive) continue;
      g += part.conductance;
      j += part.sourceA;
    }
    this.conductance = g;
    this.sourceA = j;
  }
}
