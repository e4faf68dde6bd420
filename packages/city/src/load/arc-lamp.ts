import type { ElementNode } from './element-node.ts';
import { ElementCore } from './element-port.ts';

/**
 * Discharge lamp behind a magnetic ballast. The lamp is a Cassie arc, dg/dt = (g/τ)((u/Uc)² − 1); while the starter is
 * closed (`isPreheating`) only the electrodes' resistance stands in its place.
 *
 *   L di/dt = v − R i − i / g
 */
export class ArcLamp extends ElementCore {
  isPreheating = false;
  readonly #henryPerStep: number;
  readonly #ohm: number;
  readonly #arcV: number;
  readonly #stepPerTau: number;
  readonly #electrodeOhm: number;
  readonly #lowestS: number;
  readonly #highestS: number;
  #lampS: number;
  #isOpening = false;

  constructor(stepS: number, parts: { henry: number; ohm: number; arcV: number; tauS: number; ratedA: number }) {
    super(true);
    this.#henryPerStep = parts.henry / stepS;
    this.#ohm = parts.ohm;
    this.#arcV = parts.arcV;
    this.#stepPerTau = stepS / parts.tauS;
    this.#electrodeOhm = (0.25 * parts.arcV) / parts.ratedA;
    const ratedS = parts.ratedA / parts.arcV;
    this.#lampS = ratedS;
    // The plasma never recombines fully within a half-cycle, nor can it grow without bound.
    this.#lowestS = ratedS / 300;
    this.#highestS = ratedS * 20;
  }

  prepare({ voltageV: lastV }: ElementNode): void {
    const { port } = this;
    const lampOhm = this.isPreheating ? this.#electrodeOhm : 1 / this.#lampS;
    // Trapezoidal in the source, implicit in the lamp.
    const gain = 1 / (this.#henryPerStep + this.#ohm + lampOhm);
    port.conductance = 0.5 * gain;
    port.sourceA = gain * (this.#henryPerStep * port.currentA + 0.5 * lastV);
  }

  commit({ voltageV: v }: ElementNode): void {
    const { port } = this;
    const after = port.conductance * v + port.sourceA;
    if (!this.isPreheating) {
      const lampV = after / this.#lampS;
      const growth = this.#stepPerTau * ((lampV / this.#arcV) ** 2 - 1);
      const grown = this.#lampS * Math.exp(Math.min(1, growth));
      this.#lampS = Math.min(this.#highestS, Math.max(this.#lowestS, grown));
    }
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
