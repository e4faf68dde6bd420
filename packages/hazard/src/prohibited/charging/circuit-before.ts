import { emptyScatter, scatter, SEEN } from './course-filter.ts';
import type { Scatter } from './course-filter.ts';
import { LEAST_SLOW_BINS } from './matched-filter.ts';
import { BIN_S } from './recent-seconds.ts';
import { DIMENSIONS } from './step-watch.ts';

/** What the circuit did before the load came on: seconds around their mean, and means of 20 s, oldest first. */
export type CircuitBefore = { readonly scatter: Scatter; readonly bins: readonly (readonly number[])[] };

/**
 * @param seconds about two minutes of readings before the step, oldest first
 * @param slowBins means of 20 s since the step before this one; where they are few, the seconds' own are taken
 */
export function circuitBefore(seconds: readonly Float64Array[], slowBins: readonly Float64Array[]): CircuitBefore {
  const sums = emptyScatter();
  const mean = meanOf(seconds);
  for (const second of seconds)
    scatter(
      sums,
      second.map((value, k) => value - (mean[k] as number)),
    );
  const bins = [...slowBins];
  if (bins.length < LEAST_SLOW_BINS) {
    bins.length = 0;
    for (let end = seconds.length; end >= BIN_S; end -= BIN_S) bins.unshift(meanOf(seconds.slice(end - BIN_S, end)));
  }
  const drift = driftOfBins(bins);
  for (let look = 0; look < DRIFT_LOOKS; look++) scatter(sums, drift);
  return { scatter: sums, bins: bins.map((bin) => SEEN.map((k) => bin[k] as number)) };
}

/** What drifts goes on while the load is judged: ten minutes of it are a deviation, seen as surely as so many seconds. */
const JUDGED_BINS = 30;
const DRIFT_LOOKS = 24;

function driftOfBins(bins: readonly Float64Array[]): Float64Array {
  const drift = new Float64Array(DIMENSIONS);
  const middle = (bins.length - 1) / 2;
  const squares = (bins.length * (bins.length ** 2 - 1)) / 12;
  if (squares === 0) return drift;
  return drift.map((_, k) =>
    bins.reduce((sum, bin, n) => sum + (JUDGED_BINS * (n - middle) * (bin[k] as number)) / squares, 0),
  );
}

function meanOf(seconds: readonly Float64Array[]): Float64Array {
  const mean = new Float64Array(DIMENSIONS);
  for (const second of seconds) {
    for (let k = 0; k < DIMENSIONS; k++) mean[k] = (mean[k] as number) + (second[k] as number) / seconds.length;
  }
  return mean;
}
