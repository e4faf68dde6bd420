import type { RandomStream } from '../random/random-stream.ts';
import type { ElementNode } from './element-node.ts';
import { ElementCore } from './element-port.ts';
import { nearNormal } from './near-normal.ts';

/** How an `EnvelopeLoad` departs from a plain resistance; all absent = none. */
export type EnvelopeShape = {
  /** Conducts in the positive half-wave alone (a diode in series). */
  readonly isHalfWave?: boolean;
  /** Begins to conduct at this voltage while it rises, in each half-wave, and ends at `stopV` while it falls. */
  readonly startV?: number;
  readonly stopV?: number;
  /** The current levels off above this voltage: factor 1 / √(1 + (v / flatV)²). */
  readonly flatV?: number;
  /** The current sags around the voltage's zero: factor 1 − exp(−|v| / cuspV). */
  readonly cuspV?: number;
  /** The conductance swings at twice the mains frequency by this ratio, which yields a third harmonic of half of it. */
  readonly rippleRatio?: number;
  /** Phase of that swing against the voltage's zero, rad. */
  readonly rippleRad?: number;
  /** What is left of the switching frequency, rms over the current. */
  readonly noiseRatio?: number;
};

/**
 * A converter without storage behind its bridge: the current follows the voltage's envelope times a conductance that the
 * converter sets. Power-factor correction, induction hobs, transformers of halogen lamps, a heater behind a diode.
 * The shape is taken at the voltage of the step before (39 µs late at 25.6 kHz).
 */
export class EnvelopeLoad extends ElementCore {
  /** Conductance before the shape, S; set by the owner. */
  fullConductance = 0;
  readonly #halfWave: boolean;
  readonly #startV: number;
  readonly #stopV: number;
  readonly #perCuspV: number;
  readonly #perFlatV: number;
  readonly #rippleRatio: number;
  readonly #rippleTurns: number;
  readonly #noiseRatio: number;
  readonly #random: RandomStream;
  #isOpening = false;
  #lastV = 0;
  #isPositive: boolean | undefined;
  #squares = NaN;
  #steps = 0;
  #meanSquareV = NaN;

  constructor(shape: EnvelopeShape, random: RandomStream) {
    super(true);
    this.#halfWave = shape.isHalfWave ?? false;
    this.#startV = shape.startV ?? 0;
    this.#stopV = shape.stopV ?? 0;
    this.#perCuspV = shape.cuspV === undefined ? Infinity : 1 / shape.cuspV;
    this.#perFlatV = shape.flatV === undefined ? 0 : 1 / shape.flatV;
    this.#rippleRatio = shape.rippleRatio ?? 0;
    this.#rippleTurns = (shape.rippleRad ?? 0) / (2 * Math.PI);
    this.#noiseRatio = shape.noiseRatio ?? 0;
    this.#random = random;
  }

  prepare({ phaseTurns, voltageV: lastV }: ElementNode): void {
    this.#lastV = lastV;
    const level = Math.abs(lastV);
    const isRising = phaseTurns < 0.25 || (phaseTurns >= 0.5 && phaseTurns < 0.75);
    if (level < (isRising ? this.#startV : this.#stopV)) {
      this.port.conductance = 0;
      return;
    }
    if (this.#halfWave && lastV < 0) {
      this.port.conductance = 0;
      return;
    }
    // A converter that pauses keeps drawing its noise, so that what comes after does not depend on the pauses.
    const noise = this.#noiseRatio > 0 ? 1 + this.#noiseRatio * nearNormal(this.#random) : 1;
    this.port.conductance = this.fullConductance === 0 ? 0 : this.#shaped(level, phaseTurns) * noise;
  }

  #shaped(level: number, phaseTurns: number): number {
    let g = this.fullConductance;
    if (this.#perCuspV < Infinity) g *= 1 - Math.exp(-level * this.#perCuspV);
    if (this.#perFlatV > 0) g /= Math.sqrt(1 + (level * this.#perFlatV) ** 2);
    if (this.#rippleRatio > 0) {
      g *= 1 + this.#rippleRatio * Math.sin(4 * Math.PI * (phaseTurns + this.#rippleTurns));
    }
    return g;
  }

  commit({ voltageV: v, phaseTurns }: ElementNode): void {
    const { port } = this;
    const isPositive = phaseTurns < 0.5;
    if (isPositive !== this.#isPositive) {
      // The half-wave in which it was closed is not whole.
      this.#meanSquareV = this.#squares / this.#steps;
      this.#squares = this.#isPositive === undefined ? NaN : 0;
      this.#steps = 0;
      this.#isPositive = isPositive;
    }
    this.#squares += v * v;
    this.#steps++;
    if (this.#isOpening && v * this.#lastV <= 0) {
      port.isActive = false;
      port.currentA = 0;
    } else {
      port.currentA = port.conductance * v;
    }
  }

  /** Of the newest whole half-wave; NaN before the first. */
  meanSquareV(): number {
    return this.#meanSquareV;
  }

  close(): void {
    this.#isOpening = false;
    if (!this.port.isActive) {
      this.#isPositive = undefined;
      this.#squares = NaN;
    }
    this.port.isActive = true;
  }

  open(): void {
    this.#isOpening = true;
  }
}
