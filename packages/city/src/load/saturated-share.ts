const POINTS = 400;
/** sin² at the midpoints of a half-wave. */
const SQUARED_SINES = Float64Array.from({ length: POINTS }, (_, k) => Math.sin((Math.PI * (k + 0.5)) / POINTS) ** 2);

/**
 * Describing function of x / √(1 + x²) for a sine of peak `saturation`: the mean of 1 / √(1 + (s sin θ)²), weighted with
 * sin² θ. What saturation leaves of the fundamental of a flux (1 without saturation).
 */
export function saturatedShare(saturation: number): number {
  const square = saturation * saturation;
  let sum = 0;
  for (let k = 0; k < POINTS; k++) {
    const squaredSine = SQUARED_SINES[k] as number;
    sum += squaredSine / Math.sqrt(1 + square * squaredSine);
  }
  return (2 * sum) / POINTS;
}
