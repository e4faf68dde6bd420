import { HIGHEST_FINGERPRINT_HARMONIC } from '../current-fingerprint.ts';
import type { Discriminant } from '../learn/discriminant.ts';

/**
 * How far white noise alone carries a fingerprint in a whitened space, root of the summed squares.
 *
 * Noise of `noiseRatio` (rms over the wave's rms, on harmonics 1 … 15) puts noiseRatio/√30 on each sine and cosine part,
 * and about as much on the features made of them: all features of a space are such parts or ratios of them.
 */
export function noiseDistance(space: Discriminant, noiseRatio: number): number {
  if (!(noiseRatio > 0)) return 0;
  const { columnCount, whitening, scale } = space;
  let gain = 0;
  for (let row = 0; row < columnCount; row++) {
    for (let column = 0; column <= row; column++) {
      gain += ((whitening[row * columnCount + column] as number) / (scale.spread[column] as number)) ** 2;
    }
  }
  return noiseRatio * Math.sqrt(gain / (2 * HIGHEST_FINGERPRINT_HARMONIC));
}
