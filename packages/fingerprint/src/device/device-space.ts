import { HIGHEST_FINGERPRINT_HARMONIC } from '../current-fingerprint.ts';

/** How fingerprints of one device scatter from switching to switching, learned over many devices. Plain JSON. */
export type DeviceSpace = {
  readonly columnCount: number;
  /** Per type of the model, standard deviation of each space feature within one device. */
  readonly scatter: readonly (readonly number[])[];
  /** columnCount × columnCount, lower triangle: takes scaled differences to uncorrelated ones of variance 1. */
  readonly whitening: readonly number[];
};

/** The scatter expected of a device that a model takes for these types: geometric mean of variances by probability. */
export function expectedVariance(space: DeviceSpace, types: ArrayLike<number>): Float64Array {
  const variance = new Float64Array(space.columnCount);
  for (let column = 0; column < space.columnCount; column++) {
    let logarithm = 0;
    let sum = 0;
    space.scatter.forEach((own, type) => {
      const share = types[type] as number;
      logarithm += share * Math.log((own[column] as number) ** 2);
      sum += share;
    });
    variance[column] = Math.exp(logarithm / sum);
  }
  return variance;
}

/** White noise of this ratio to the wave (harmonics 1 … 15) puts this variance on each harmonic part and on ratios of them. */
export function noiseVariance(noiseRatio: number): number {
  return noiseRatio ** 2 / (2 * HIGHEST_FINGERPRINT_HARMONIC);
}

/**
 * Root mean square of the whitened difference of two rows, over what two switchings of one device show (√2 of the
 * scatter each): about 1 for the same device; at least the
 * deviation of the power over 2.5, which a mean over many equal features would drown. `extra` is added to every variance (noise).
 */
export function deviceDistance(
  space: DeviceSpace,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  variance: Float64Array,
  extra = 0,
): number {
  const { columnCount, whitening } = space;
  const scaled = new Float64Array(columnCount);
  for (let column = 0; column < columnCount; column++) {
    const away = (a[column] as number) - (b[column] as number);
    scaled[column] = away / Math.sqrt(2 * (variance[column] as number) + extra);
  }
  let squares = 0;
  for (let row = 0; row < columnCount; row++) {
    let sum = 0;
    for (let column = 0; column <= row; column++) {
      sum += (whitening[row * columnCount + column] as number) * (scaled[column] as number);
    }
    squares += sum * sum;
  }
  const power = Math.abs(scaled[POWER_COLUMN] as number) / POWER_DEVIATIONS;
  return Math.max(Math.sqrt(squares / columnCount), power);
}

/** Place of the nominal power among the space features. */
export const POWER_COLUMN = 0;
/** Two heaters differ in their power alone: this many deviations of it weigh as much as one in every feature. */
const POWER_DEVIATIONS = 2.5;
