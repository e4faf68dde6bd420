import { checkSlice } from './slice-bounds.ts';

/**
 * Arithmetic mean of `values[from..to)`: the dc part when the slice holds whole cycles.
 *
 * NaN for an empty slice and when a sample is NaN. Throws RangeError when the slice is outside the array.
 *
 * @example mean(Float64Array.of(1, 2, 6)) // 3
 */
export function mean(values: Float64Array, from = 0, to = values.length): number {
  checkSlice('mean', values.length, from, to);
  let sum = 0;
  for (let index = from; index < to; index++) sum += values[index] as number;
  return sum / (to - from);
}
