/**
 * Describing function of x / √(1 + x²) for a sine of peak `saturation`: the mean of 1 / √(1 + (s sin θ)²), weighted with
 * sin² θ. What saturation leaves of the fundamental of a flux (1 without saturation).
 */
export function saturatedShare(saturation: number): number {
  const points = 400;
  let sum = 0;
  for (let k = 0; k < points; k++) {
    const sine = Math.sin((Math.PI * (k + 0.5)) / points);
    sum += (sine * sine) / Math.sqrt(1 + (saturation * sine) ** 2);
  }
  return (2 * sum) / points;
}
