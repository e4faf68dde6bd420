import type { ElementNode } from './element-node.ts';
import { ElementCore } from './element-port.ts';

/** A resistance. A branch adds those directly at its node up into one conductance instead of solving each. */
export class Resistor extends ElementCore {
  isOpening = false;
  #lastV = 0;

  constructor(conductance: number) {
    super(true);
    this.port.conductance = conductance;
  }

  prepare({ voltageV }: ElementNode): void {
    this.#lastV = voltageV;
  }

  commit({ voltageV: v }: ElementNode): void {
    if (this.isOpening && v * this.#lastV <= 0) {
      this.port.isActive = false;
      this.port.currentA = 0;
    } else {
      this.port.currentA = this.port.conductance * v;
    }
  }

  close(): void {
    this.port.isActive = true;
    this.isOpening = false;
  }

  open(): void {
    this.isOpening = true;
  }
}
