import type { ElementNode } from './element-node.ts';
import { ElementCore } from './element-port.ts';

/**
 * Resistance and an inductance whose iron saturates with the current that flows through it, and a run capacitor u or none:
 *
 *   v = R i + dλ/dt + u,   λ = L ((1 − b) i + b i / √(1 + (i / i_s)²)),   C du/dt = i
 *
 * The stray path of an induction motor: the bridges over closed rotor slots and the tooth tips saturate within each
 * half-wave, so the current is pointed about its own peak (third harmonic in phase opposition there), unlike a
 * magnetising branch beside the motor, whose third harmonic is tied to the voltage. Trapezoidal rule with the slope dλ/di
 * at the current expected for the middle of the step. Linear for the step, so it needs no second pass. A plugged-in
 * capacitor starts empty: makers bridge it with a resistor.
 */
export class SaturatingRl extends ElementCore {
  readonly #perStepS: number;
  readonly #share: number;
  readonly #perSaturationSquared: number;
  readonly #halfStepPerFarad: number;
  #ohm = 1;
  #henry = 1;
  #lastA = 0;
  #capacitorV = 0;
  #isOpening = false;

  /** `share` = b, 0 … 0.95; `saturationA` = i_s > 0; `farad` absent = no capacitor. */
  constructor(stepS: number, parts: { share: number; saturationA: number; farad?: number }) {
    super(true);
    this.#perStepS = 1 / stepS;
    this.#share = parts.share;
    this.#perSaturationSquared = 1 / parts.saturationA ** 2;
    this.#halfStepPerFarad = parts.farad === undefined ? 0 : (0.5 * stepS) / parts.farad;
  }

  /** `henry`: before saturation. */
  setImpedance(ohm: number, henry: number): void {
    this.#ohm = ohm;
    this.#henry = henry;
  }

  prepare({ voltageV: lastV }: ElementNode): void {
    const { port } = this;
    const middleA = 1.5 * port.currentA - 0.5 * this.#lastA;
    const level = 1 + middleA * middleA * this.#perSaturationSquared;
    const slope = this.#henry * (1 - this.#share + this.#share / (level * Math.sqrt(level)));
    const perStep = 2 * slope * this.#perStepS;
    const ohm = this.#ohm + this.#halfStepPerFarad;
    const gain = 1 / (perStep + ohm);
    port.conductance = gain;
    port.sourceA = gain * (lastV - 2 * this.#capacitorV + (perStep - ohm) * port.currentA);
  }

  commit({ voltageV: v }: ElementNode): void {
    const { port } = this;
    const after = port.conductance * v + port.sourceA;
    this.#lastA = port.currentA;
    this.#capacitorV += this.#halfStepPerFarad * (port.currentA + after);
    if (this.#isOpening && after * port.currentA <= 0) {
      port.isActive = false;
      port.currentA = 0;
    } else {
      port.currentA = after;
    }
  }

  close(): void {
    this.#isOpening = false;
    if (!this.port.isActive) {
      this.port.currentA = 0;
      this.#lastA = 0;
      this.#capacitorV = 0;
    }
    this.port.isActive = true;
  }

  open(): void {
    this.#isOpening = true;
  }
}
