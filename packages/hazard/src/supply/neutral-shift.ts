/** Where the star point of a three-phase supply lies, from the three magnitudes to neutral alone. */
export type NeutralShift = {
  /** Voltage between the loads' neutral and the centre of the triangle, V. */
  readonly shiftV: number;
  /** Line-to-neutral voltage of the equilateral triangle that fits, V. */
  readonly triangleV: number;
};

/**
 * A lost neutral lets the star point of the loads float: the supply's triangle stays, and the three voltages to neutral
 * become the distances of a point to its corners. Distances a, b, c to the corners of an equilateral triangle of side s
 * obey `3(a⁴ + b⁴ + c⁴ + s⁴) = (a² + b² + c² + s²)²`; the larger root is the one of a point inside the circle through the
 * corners. From the centre it is `√((a² + b² + c² − s²)/3)`.
 *
 * A dip or swell of the supply moves the corners instead: then the triangle that fits is smaller or larger than nominal.
 *
 * @returns undefined when no equilateral triangle fits (one phase lost, a NaN).
 * @example neutralShiftOf(220, 220, 220) // { shiftV: 0, triangleV: 220 }
 */
export function neutralShiftOf(aV: number, bV: number, cV: number): NeutralShift | undefined {
  const squares = aV ** 2 + bV ** 2 + cV ** 2;
  const fourths = aV ** 4 + bV ** 4 + cV ** 4;
  const discriminant = 3 * squares ** 2 - 6 * fourths;
  if (!(discriminant >= 0)) return undefined;
  const side2 = (squares + Math.sqrt(discriminant)) / 2;
  return { shiftV: Math.sqrt(Math.max(0, (squares - side2) / 3)), triangleV: Math.sqrt(side2 / 3) };
}
