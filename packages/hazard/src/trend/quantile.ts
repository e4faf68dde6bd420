/**
 * Distribution function of the standard normal, 0..1; error below 1.5e-7 (Abramowitz & Stegun 7.1.26). NaN stays NaN.
 *
 * @example normalCdf(1.96) // 0.975
 */
export function normalCdf(z: number): number {
  if (Number.isNaN(z)) return NaN;
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const erf = 1 - series * Math.exp(-x * x);
  return z >= 0 ? (1 + erf) / 2 : (1 - erf) / 2;
}

/**
 * Quantile of Student's t with `freedom` degrees, by the expansion around the normal quantile `z` (Abramowitz & Stegun
 * 26.7.5): a line through five points knows less than one through fifty. Below 3 % too small from 4 degrees on at
 * z = 2.33; from 30 on it is exact for our ends.
 *
 * @param freedom ≥ 1.
 */
export function studentQuantile(z: number, freedom: number): number {
  const z3 = z ** 3;
  const z5 = z ** 5;
  const first = (z3 + z) / 4;
  const second = (5 * z5 + 16 * z3 + 3 * z) / 96;
  const third = (3 * z ** 7 + 19 * z5 + 17 * z3 - 15 * z) / 384;
  return z + first / freedom + second / freedom ** 2 + third / freedom ** 3;
}
