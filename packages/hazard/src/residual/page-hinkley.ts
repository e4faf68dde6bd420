/** Page's one-sided cumulative sum, as plain JSON. */
export type CumulativeSum = {
  readonly sum: number;
  /** Steps since the sum last was 0: when the change began, if it is one. */
  readonly steps: number;
};

export const restingSum: CumulativeSum = { sum: 0, steps: 0 };

/** A sum goes no higher, so that the end of a long rise is seen within days of it. */
const CEILING = 60;

/**
 * One step of CUSUM (Page 1954; with the sum's own minimum subtracted it is the Page–Hinkley test):
 * `S ← max(0, S + z − drift)`. A sum above `limit` says that the mean of `z` has risen above `drift`.
 *
 * Without a rise it takes, for independent standard normal z, on average about `(e^(2·drift·h) − 2·drift·h − 1) / (2·drift²)`
 * steps until a false alarm, h = limit + 1.166 (Siegmund): 2.6 million for drift 0.5 and limit 13.
 */
export function nextSum({ sum, steps }: CumulativeSum, z: number, drift: number): CumulativeSum {
  const next = Math.min(CEILING, sum + z - drift);
  return next > 0 ? { sum: next, steps: steps + 1 } : restingSum;
}
