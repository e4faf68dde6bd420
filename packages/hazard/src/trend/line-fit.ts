import { studentQuantile } from './quantile.ts';

/** A point of a course: `value` with the variance of its error, at `at` (ms). */
export type CoursePoint = { readonly at: number; readonly value: number; readonly variance: number };

/** A weighted straight line through a course, with what it does not know. */
export type LineFit = {
  readonly meanAt: number;
  /** Value at `meanAt`, where it is known best; uncorrelated with the slope. */
  readonly mean: number;
  readonly meanVariance: number;
  readonly slopePerMs: number;
  readonly slopeVariance: number;
  /** Points beyond the two parameters. */
  readonly freedom: number;
};

/**
 * Weighted least squares. The errors are taken as given unless the points scatter more than that: then they are scaled
 * up to the scatter, never down. Undefined below three points, or when they share one instant.
 */
export function fitLine(points: readonly CoursePoint[]): LineFit | undefined {
  if (points.length < 3) return undefined;
  let weights = 0;
  let meanAt = 0;
  let mean = 0;
  for (const { at, value, variance } of points) {
    const weight = 1 / variance;
    weights += weight;
    meanAt += (weight / weights) * (at - meanAt);
    mean += (weight / weights) * (value - mean);
  }
  let spread = 0;
  let products = 0;
  for (const { at, value, variance } of points) {
    spread += (at - meanAt) ** 2 / variance;
    products += ((at - meanAt) * (value - mean)) / variance;
  }
  if (!(spread > 0)) return undefined;
  const slopePerMs = products / spread;
  const freedom = points.length - 2;
  let chiSquared = 0;
  for (const { at, value, variance } of points) {
    chiSquared += (value - mean - slopePerMs * (at - meanAt)) ** 2 / variance;
  }
  const scale = Math.max(1, chiSquared / freedom);
  return { meanAt, mean, meanVariance: scale / weights, slopePerMs, slopeVariance: scale / spread, freedom };
}

/** The slope that is exceeded with the probability of the normal quantile `z` (2.33: 99 %), per ms. */
export function leastSlopePerMs(fit: LineFit, z: number): number {
  return fit.slopePerMs - studentQuantile(z, fit.freedom) * Math.sqrt(fit.slopeVariance);
}

/** When a line reaches a limit; the bounds hold as many cases as `z` says. Absent: not as it goes. */
export type Crossing = { readonly at?: number; readonly earliestAt?: number; readonly latestAt?: number };

/**
 * When a rising line passes `limit`, with Fieller's bounds: the instants at which the limit lies on the edge of the
 * line's confidence band. A slope not distinguishable from 0 has no latest instant.
 *
 * @param z of the band on each side: 1.28 holds 80 % of cases.
 */
export function crossingOf(fit: LineFit, limit: number, z: number): Crossing {
  const { meanAt, mean, meanVariance, slopePerMs, slopeVariance, freedom } = fit;
  const missing = mean - limit;
  const factor = studentQuantile(z, freedom) ** 2;
  const quadratic = slopePerMs ** 2 - factor * slopeVariance;
  const half = slopePerMs * missing;
  const root = Math.sqrt(half ** 2 - quadratic * (missing ** 2 - factor * meanVariance));
  const at = slopePerMs > 0 ? meanAt - missing / slopePerMs : undefined;
  if (Number.isNaN(root)) return at === undefined ? {} : { at };
  const edges = [(-half - root) / quadratic, (-half + root) / quadratic].filter(Number.isFinite).sort((a, b) => a - b);
  // With a slope that may be 0 or falling only the upper edge of the band meets the limit ahead.
  const ahead = quadratic > 0 && slopePerMs > 0 ? edges : edges.filter((edge) => edge > 0).slice(0, 1);
  const [earliest, latest] = ahead;
  return {
    ...(at !== undefined && { at }),
    ...(earliest !== undefined && { earliestAt: meanAt + earliest }),
    ...(latest !== undefined && { latestAt: meanAt + latest }),
  };
}
