import type { ElementNode } from './element-node.ts';
import { ElementCore } from './element-port.ts';

/**
 * Resistance and inductance in series, integrated exactly for a voltage that is linear within a step:
 * i⁺ = decay·i + gainBefore·v + gainAfter·v⁺. Against implicit Euler this loses no energy in the inductance.
 */
export class SeriesRl extends ElementCore {
  readonly #stepS: number;
  #isOpening = false;
  #decay = 0;
  #gainBefore = 0;

  constructor(stepS: number) {
    super(true);
    this.#stepS = stepS;
  }

  setImpedance(ohm: number, henry: number): void {
    const x = (ohm * this.#stepS) / henry;
    const decay = Math.exp(-x);
    const mean = -Math.expm1(-x) / x;
    this.#decay = decay;
    this.port.conductance = (1 - mean) / ohm;
    this.#gainBefore = (mean - decay) / ohm;
  }

  prepare({ voltageV: lastV }: ElementNode): void {
    const { port } = this;
    port.sourceA = this.#decay * port.currentA + this.#gainBefore * lastV;
  }

  commit({ voltageV: v }: ElementNode): void {
    const { port } = this;
    const after = port.conductance * v + port.sourceA;
    if (this.#isOpening && after * port.currentA <= 0) {
      port.isActive = false;
      port.currentA = 0;
    } else {
      port.currentA = after;
    }
  }

  close(): void {
    this.#isOpening = false;
    if (!this.port.isActive) this.port.currentA = 0;
    this.port.isActive = true;
  }

  open(): void {
    this.#isOpening = true;
  }
}
