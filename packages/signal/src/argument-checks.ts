/** Throws RangeError unless `value` is a finite number above 0; the message names the caller, the field and the value. */
export function checkPositive(caller: string, field: string, value: number): void {
  if (!(value > 0 && value < Infinity)) {
    throw new RangeError(`${caller}: ${field} is ${value}; expected a finite number above 0`);
  }
}

/** Throws RangeError unless `value` is a whole number of at least `least`. */
export function checkWhole(caller: string, field: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new RangeError(`${caller}: ${field} is ${value}; expected a whole number >= ${least}`);
  }
}
