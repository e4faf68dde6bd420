import type { RandomStream } from '../random/random-stream.ts';
import { quickNormal } from './quick-normal.ts';

/** Corner frequencies of the three low-passed white noises whose sum falls like pink noise from 1 kHz on. */
const CORNERS_HZ = [1000, 6000, 36_000] as const;

/**
 * Noise of a burning arc's voltage, relative to the burning voltage, by the step: pink between 1 and 36 kHz whatever the
 * step, since a converter of 6.4 … 51.2 kHz sees that end of the 5 kHz … 10 MHz an arc radiates.
 */
export class ArcNoise {
  readonly #random: RandomStream;
  readonly #kept: readonly number[];
  /** Share of white noise in each step, for a sum of rms 1. */
  readonly #gains: readonly number[];
  readonly #states = new Float64Array(CORNERS_HZ.length);

  constructor(stepS: number, random: RandomStream) {
    this.#random = random;
    this.#kept = CORNERS_HZ.map((cornerHz) => Math.exp(-2 * Math.PI * cornerHz * stepS));
    this.#gains = this.#kept.map((kept) => Math.sqrt((1 - kept * kept) / CORNERS_HZ.length));
  }

  /** The next value: mean 0, rms 1. */
  next(): number {
    let sum = 0;
    const states = this.#states;
    for (let n = 0; n < states.length; n++) {
      const fresh = (this.#gains[n] as number) * quickNormal(this.#random);
      const state = (this.#kept[n] as number) * (states[n] as number) + fresh;
      states[n] = state;
      sum += state;
    }
    return sum;
  }
}
