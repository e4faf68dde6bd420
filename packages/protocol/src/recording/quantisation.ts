export type Quantisation = { readonly scale: number; readonly offset: number };

/**
 * Scale and offset that spread the range of the values over the codes −largestCode…largestCode, so that
 * code · scale + offset is wrong by at most half a step (range / 4 / largestCode). NaN is left out.
 *
 * @throws RangeError at an infinite value.
 */
export function quantisationOf(values: Float64Array, largestCode: number): Quantisation {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] as number;
    if (Math.abs(value) === Infinity) throw new RangeError(`value is ${value} at frame ${i}, a finite number expected`);
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (!(high > low)) return { scale: 1, offset: low === Infinity ? 0 : low };
  // Quotients and halves first: high − low overflows for the widest ranges.
  const scale = high / (2 * largestCode) - low / (2 * largestCode);
  return { scale: scale > 0 ? scale : Number.MIN_VALUE, offset: high / 2 + low / 2 };
}

/** Code of a finite value, −largestCode…largestCode. */
export function codeOf(value: number, { scale, offset }: Quantisation, largestCode: number): number {
  return Math.max(-largestCode, Math.min(largestCode, Math.round((value - offset) / scale)));
}
