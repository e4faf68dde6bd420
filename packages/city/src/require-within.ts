/** Throws RangeError unless `low ≤ value ≤ high`; NaN is out of every range. */
export function requireWithin(place: string, value: number, low: number, high: number): void {
  if (!(value >= low && value <= high)) {
    throw new RangeError(`${place} is ${value}, expected ${low} to ${high}`);
  }
}
