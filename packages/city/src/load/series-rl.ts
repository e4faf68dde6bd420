import { ElementCore } from './element-port.ts';

/**
 * Resistance and inductance in series, integrated exactly for a voltage that is linear within a step:
 * i⁺ = decay·i + gainBefore·v + gainAfter·v⁺. Against implicit Euler this loses no energy in the inductance.
 */
export class SeriesRl extends ElementCore {
  currentA = 0;
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

  prepare(_phaseTurns: number, lastV: number): void {
    this.port.sourceA = this.#decay * this.currentA + this.#gainBefore * lastV;
  }

  commit(v: number): number {
    const after = this.port.conductance * v + this.port.sourceA;
    if (this.#isOpening && after * this.currentA <= 0) {
      this.port.isActive = false;
      this.currentA = 0;
    } else {
      this.currentA = after;
    }
    return this.currentA;
  }

  close(): void {
    this.#isOpening = false;
    if (!this.port.isActive) this.currentA = 0;
    this.port.isActive = true;
  }

  open(): void {
    this.#isOpening = true;
  }
}
