import type { ElementNode } from './element-node.ts';
import { ElementCore } from './element-port.ts';

export type ClampedSeriesParts = {
  readonly ohm: number;
  readonly henry: number;
  readonly farad: number;
  readonly forwardV: number;
  readonly reverseV: number;
  readonly reverseOhm?: number;
};

/**
 * R, L and C in series with a part that drops a fixed voltage by the direction of the current, and blocks between:
 *
 *   L di/dt = v − R i − u − e      e = forwardV while i > 0, −reverseV while i < 0;  i = 0 while −reverseV < v − u < forwardV
 *   C du/dt = i
 *
 * With forwardV = reverseV it is a capacitive dropper before LEDs; with forwardV = 0 and a high reverseV it is the half-wave
 * doubler of a microwave oven seen from the mains: diode one way, magnetron the other, whose slope resistance `reverseOhm`
 * adds to R. Two thresholds alone act like a symmetric pair (the capacitor takes up the difference); it is the unequal
 * resistance that makes even harmonics. Implicit Euler.
 */
export class ClampedSeries extends ElementCore {
  capacitorV = 0;
  forwardV: number;
  reverseV: number;
  readonly #henryPerStep: number;
  readonly #stepPerFarad: number;
  readonly #forwardGain: number;
  readonly #reverseGain: number;
  #direction = 0;
  #isOpening = false;

  constructor(stepS: number, parts: ClampedSeriesParts) {
    super(false);
    this.forwardV = parts.forwardV;
    this.reverseV = parts.reverseV;
    this.#henryPerStep = parts.henry / stepS;
    this.#stepPerFarad = stepS / parts.farad;
    const ohm = parts.ohm + this.#henryPerStep + this.#stepPerFarad;
    this.#forwardGain = 1 / ohm;
    this.#reverseGain = 1 / (ohm + (parts.reverseOhm ?? 0));
  }

  prepare(): void {
    this.#updateCompanion();
  }

  override settle({ voltageV: v }: ElementNode): boolean {
    if (this.#direction === 0) {
      if (this.#isOpening) return true;
      const across = v - this.capacitorV;
      if (across <= this.forwardV && across >= -this.reverseV) return true;
      this.#direction = across > 0 ? 1 : -1;
    } else {
      if (this.#direction * (this.port.conductance * v + this.port.sourceA) >= 0) return true;
      this.#direction = 0;
    }
    this.#updateCompanion();
    return false;
  }

  commit({ voltageV: v }: ElementNode): void {
    const { port } = this;
    const solvedA = port.conductance * v + port.sourceA;
    const currentA = this.#direction * solvedA > 0 ? solvedA : 0;
    port.currentA = currentA;
    this.capacitorV += this.#stepPerFarad * currentA;
    if (this.#isOpening && currentA === 0) port.isActive = false;
  }

  close(): void {
    this.#isOpening = false;
    if (this.port.isActive) return;
    this.port.isActive = true;
    this.port.currentA = 0;
    this.capacitorV = 0;
    this.#direction = 0;
  }

  open(): void {
    this.#isOpening = true;
  }

  #updateCompanion(): void {
    if (this.#direction === 0) {
      this.port.conductance = 0;
      this.port.sourceA = 0;
      return;
    }
    const dropV = this.#direction > 0 ? this.forwardV : -this.reverseV;
    this.port.conductance = this.#direction > 0 ? this.#forwardGain : this.#reverseGain;
    this.port.sourceA = this.port.conductance * (this.#henryPerStep * this.port.currentA - this.capacitorV - dropV);
  }
}
