import { checkSlice } from './slice-bounds.ts';

/**
 * Largest absolute value of `values[from..to)`.
 *
 * Range: >= 0. NaN for an empty slice and when a sample is NaN. Throws RangeError when the slice is outside the array.
 *
 * @example peak(Float64Array.of(1, -3, 2)) // 3
 */
export function peak(values: Float64Array, from = 0, to = values.length): number {
  checkSlice('peak', values.length, from, to);
  let largest = from < to ? 0 : NaN;
  for (let index = from; index < to; index++) {
    const magnitude = Math.abs(values[index] as number);
    // A plain `>` would skip NaN and report the peak of the rest.
    if (magnitude !== magnitude) return NaN;
    if (magnitude > largest) largest = magnitude;
  }
  return largest;
}
