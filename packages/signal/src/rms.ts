import { checkSlice } from './slice-bounds.ts';

/**
 * Root mean square of `values[from..to)`, dc included.
 *
 * Range: >= 0, at most the peak. NaN for an empty slice and when a sample is NaN. The slice should hold whole cycles:
 * a partial cycle biases the value. Throws RangeError when the slice is outside the array.
 *
 * @example rms(Float64Array.of(3, -4, 3, -4)) // 3.5355…
 */
export function rms(values: Float64Array, from = 0, to = values.length): number {
  checkSlice('rms', values.length, from, to);
  let sum = 0;
  for (let index = from; index < to; index++) {
    const value = values[index] as number;
    sum += value * value;
  }
  return Math.sqrt(sum / (to - from));
}
