import type { ElementNode } from './element-node.ts';
import { ElementCore } from './element-port.ts';

/**
 * Winding on an iron core: dλ/dt = v − R i, i = (λ / L)(1 + saturation·(λ/λ₀)⁴), λ₀ = peak flux at nominal voltage.
 *
 * At λ₀ the cubic-and-higher part gives h3 ≈ 0.31 s / (1 + 0.62 s) of the fundamental; closing at the voltage's zero
 * doubles the flux and gives the inrush of transformers by itself. Trapezoidal rule, linearised at the last flux.
 */
export class SaturableCoil extends ElementCore {
  readonly #stepS: number;
  readonly #ohm: number;
  readonly #perHenry: number;
  readonly #saturation: number;
  readonly #perFluxSquared: number;
  #flux = 0;
  #lastV = 0;
  #currentA = 0;
  #isOpening = false;

  constructor(stepS: number, parts: { ohm: number; henry: number; saturation: number; ratedFlux: number }) {
    super(true);
    this.#stepS = stepS;
    this.#ohm = parts.ohm;
    this.#perHenry = 1 / parts.henry;
    this.#saturation = parts.saturation;
    this.#perFluxSquared = 1 / parts.ratedFlux ** 2;
  }

  prepare({ voltageV: lastV }: ElementNode): void {
    const ratio = this.#flux * this.#flux * this.#perFluxSquared;
    const slope = this.#perHenry * (1 + 5 * this.#saturation * ratio * ratio);
    const half = (0.5 * this.#stepS * slope) / (1 + 0.5 * this.#stepS * this.#ohm * slope);
    this.port.conductance = half;
    this.port.sourceA = this.#currentA + half * (lastV - 2 * this.#ohm * this.#currentA);
    this.#lastV = lastV;
  }

  commit({ voltageV: v }: ElementNode): void {
    const { port } = this;
    const solvedA = port.conductance * v + port.sourceA;
    this.#flux += 0.5 * this.#stepS * (this.#lastV + v - this.#ohm * (this.#currentA + solvedA));
    const ratio = this.#flux * this.#flux * this.#perFluxSquared;
    const after = this.#flux * this.#perHenry * (1 + this.#saturation * ratio * ratio);
    if (this.#isOpening && after * this.#currentA <= 0) {
      port.isActive = false;
      port.currentA = 0;
      this.#currentA = 0;
    } else {
      port.currentA = solvedA;
      this.#currentA = after;
    }
  }

  close(): void {
    this.#isOpening = false;
    if (this.port.isActive) return;
    this.port.isActive = true;
    this.#flux = 0;
    this.#currentA = 0;
  }

  open(): void {
    this.#isOpening = true;
  }
}
