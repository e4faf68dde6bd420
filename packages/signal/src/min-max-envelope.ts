import { checkSlice } from './slice-bounds.ts';

/** What a drawing needs of a long series: per bucket the extremes, the last value, and whether something is missing. */
export type MinMaxEnvelope = {
  /** Index of the first value of each bucket; one more entry than buckets, so bucket b is [edges[b], edges[b + 1]). */
  readonly edges: Float64Array;
  /** Smallest value of the bucket; NaN when it holds no value. */
  readonly min: Float64Array;
  /** Largest value of the bucket; NaN when it holds no value. */
  readonly max: Float64Array;
  /** Last value of the bucket that is not NaN; NaN when it holds no value. */
  readonly last: Float64Array;
  /** 1 where the bucket holds at least one NaN: do not join the line across it. */
  readonly gap: Uint8Array;
};

/**
 * Reduces `values[from..to)` to at most `buckets` buckets of equal width (± one value), keeping every extreme.
 *
 * Every n-th point would drop the arc or the inrush it fell beside; an envelope shows it at any zoom. NaN means
 * "no value": it never reaches min or max of its neighbours. Fewer values than buckets: one bucket per value.
 * Throws RangeError when `buckets` is not a whole number >= 1 or the slice is outside the array.
 *
 * @example minMaxEnvelope(currentA, 1200).max // at most 1,200 numbers
 */
export function minMaxEnvelope(values: Float64Array, buckets: number, from = 0, to = values.length): MinMaxEnvelope {
  if (!Number.isInteger(buckets) || buckets < 1) {
    throw new RangeError(`minMaxEnvelope: buckets is ${buckets}; expected a whole number >= 1`);
  }
  checkSlice('minMaxEnvelope', values.length, from, to);
  const count = Math.min(buckets, to - from);
  const envelope = {
    edges: new Float64Array(count + 1),
    min: new Float64Array(count).fill(NaN),
    max: new Float64Array(count).fill(NaN),
    last: new Float64Array(count).fill(NaN),
    gap: new Uint8Array(count),
  };
  for (let bucket = 0; bucket <= count; bucket++) {
    envelope.edges[bucket] = count === 0 ? from : from + Math.floor((bucket * (to - from)) / count);
  }
  for (let bucket = 0; bucket < count; bucket++) fillBucket(values, envelope, bucket);
  return envelope;
}

function fillBucket(values: Float64Array, envelope: MinMaxEnvelope, bucket: number): void {
  const end = envelope.edges[bucket + 1] as number;
  let min = Infinity;
  let max = -Infinity;
  let last = NaN;
  for (let index = envelope.edges[bucket] as number; index < end; index++) {
    const value = values[index] as number;
    if (value !== value) {
      envelope.gap[bucket] = 1;
      continue;
    }
    if (value < min) min = value;
    if (value > max) max = value;
    last = value;
  }
  if (last !== last) return;
  envelope.min[bucket] = min;
  envelope.max[bucket] = max;
  envelope.last[bucket] = last;
}
