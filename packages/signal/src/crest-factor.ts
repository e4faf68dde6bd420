import { peak } from './peak.ts';
import { rms } from './rms.ts';

/**
 * Crest factor of `values[from..to)`: peak absolute value over rms.
 *
 * Range: >= 1 for any signal; sqrt(2) for a sine. NaN for an all-zero or empty slice (0/0: no load) and when a sample
 * is NaN. Throws RangeError when the slice is outside the array.
 *
 * @example crestFactor(Float64Array.of(1, 1, -1, -1)) // 1
 */
export function crestFactor(values: Float64Array, from = 0, to = values.length): number {
  return peak(values, from, to) / rms(values, from, to);
}
