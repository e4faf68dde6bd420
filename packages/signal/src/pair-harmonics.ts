import { createFft } from './fft.ts';
import type { Fft } from './fft.ts';

/** Highest harmonic that readings carry (IEC 61000-3-2 and the THD of IEC 61000-4-7 go up to 40). */
export const HIGHEST_HARMONIC = 40;

/** A plan that turns one mains cycle of two real signals into harmonics; the result lives in its arrays. */
export type PairHarmonics = {
  /** Points per cycle. */
  readonly samplesPerCycle: number;
  /**
   * Cosine and sine part of harmonic h of the two signals after `analyse`, as rms: the signal is the sum of
   * sqrt(2)·(firstCos[h]·cos(h·θ) + firstSin[h]·sin(h·θ)), θ from 0 at the first point to 2π. Index 0: the mean, in
   * `firstCos`. Index 0 to 40.
   */
  readonly firstCos: Float64Array;
  readonly firstSin: Float64Array;
  readonly secondCos: Float64Array;
  readonly secondSin: Float64Array;
  /** Overwrites the four arrays; allocates nothing. A NaN sample in either signal makes all of it NaN. */
  analyse(first: Float64Array, second: Float64Array): void;
};

/**
 * Plans the harmonics 0..40 of two real signals by one complex FFT of first + j·second.
 *
 * With Z its spectrum, F[h] = (Z[h] + conj Z[N-h])/2 and S[h] = (Z[h] - conj Z[N-h])/2j. No window: the points span
 * exactly one period, so each harmonic falls on its own bin. `samplesPerCycle`: a power of two >= 128, so that
 * harmonic 40 and everything that could alias onto it are apart. Throws RangeError otherwise.
 */
export function createPairHarmonics(samplesPerCycle: number): PairHarmonics {
  if (!(samplesPerCycle >= 128)) {
    throw new RangeError(`createPairHarmonics: samplesPerCycle is ${samplesPerCycle}; expected 128, 256, 512 …`);
  }
  const { fft, re, im } = transformOf(samplesPerCycle);
  const firstCos = new Float64Array(HIGHEST_HARMONIC + 1);
  const firstSin = new Float64Array(HIGHEST_HARMONIC + 1);
  const secondCos = new Float64Array(HIGHEST_HARMONIC + 1);
  const secondSin = new Float64Array(HIGHEST_HARMONIC + 1);
  // Half from the separation, 2/N from the one-sided spectrum, 1/sqrt(2) from peak to rms.
  const scale = Math.SQRT1_2 / samplesPerCycle;

  return {
    samplesPerCycle,
    firstCos,
    firstSin,
    secondCos,
    secondSin,
    analyse(first, second) {
      fft.forward(first, second, re, im);
      firstCos[0] = (re[0] as number) / samplesPerCycle;
      secondCos[0] = (im[0] as number) / samplesPerCycle;
      for (let h = 1; h <= HIGHEST_HARMONIC; h++) {
        const plusRe = re[h] as number;
        const plusIm = im[h] as number;
        const minusRe = re[samplesPerCycle - h] as number;
        const minusIm = im[samplesPerCycle - h] as number;
        firstCos[h] = (plusRe + minusRe) * scale;
        firstSin[h] = (minusIm - plusIm) * scale;
        secondCos[h] = (plusIm + minusIm) * scale;
        secondSin[h] = (plusRe - minusRe) * scale;
      }
    },
  };
}

type Transform = { readonly fft: Fft; readonly re: Float64Array; readonly im: Float64Array };

/** Tables and scratch of one size: all plans share them, for none uses them beyond one call. */
const transforms = new Map<number, Transform>();

function transformOf(size: number): Transform {
  const known = transforms.get(size);
  if (known !== undefined) return known;
  const made = { fft: createFft(size), re: new Float64Array(size), im: new Float64Array(size) };
  transforms.set(size, made);
  return made;
}
