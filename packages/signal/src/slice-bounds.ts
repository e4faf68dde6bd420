/**
 * Refuses a slice [from, to) that does not lie inside `length` values.
 *
 * Throws RangeError naming the caller, both bounds and the length: a cursor that fell off the capture must not
 * quietly become a different slice.
 */
export function checkSlice(caller: string, length: number, from: number, to: number): void {
  if (!Number.isInteger(from) || !Number.isInteger(to) || from < 0 || to > length || from > to) {
    throw new RangeError(`${caller}: slice [${from}, ${to}) is not inside 0..${length} (whole numbers, from <= to)`);
  }
}
