/**
 * Resistance and inductance in series, integrated exactly for a voltage that is linear within a step:
 * i⁺ = decay·i + gainBefore·v + gainAfter·v⁺. Against implicit Euler this loses no energy in the inductance.
 */
export class SeriesRl {
  isOpening = false;
  isActive = false;
  currentA = 0;
  decay = 0;
  gainBefore = 0;
  gainAfter = 0;
  readonly #stepS: number;

  constructor(stepS: number) {
    this.#stepS = stepS;
  }

  setImpedance(ohm: number, henry: number): void {
    const x = (ohm * this.#stepS) / henry;
    const decay = Math.exp(-x);
    const mean = -Math.expm1(-x) / x;
    this.decay = decay;
    this.gainAfter = (1 - mean) / ohm;
    this.gainBefore = (mean - decay) / ohm;
  }

  close(): void {
    this.isOpening = false;
    if (!this.isActive) this.currentA = 0;
    this.isActive = true;
  }
}
