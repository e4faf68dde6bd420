/** Gas under the ceiling above a fire. */
export type CeilingJet = { readonly riseK: number; readonly speedMPerS: number };

/**
 * Alpert's correlations for the ceiling jet of a steady fire of `heatKw` under a flat ceiling `heightM` above it, at the
 * horizontal distance `distanceM` (Alpert 1972; SFPE handbook). No fire: no rise, no jet.
 */
export function ceilingJet(heatKw: number, heightM: number, distanceM: number): CeilingJet {
  if (heatKw <= 0) return { riseK: 0, speedMPerS: 0 };
  const relative = distanceM / heightM;
  return {
    riseK:
      relative <= 0.18
        ? (16.9 * heatKw ** (2 / 3)) / heightM ** (5 / 3)
        : (5.38 * (heatKw / distanceM) ** (2 / 3)) / heightM,
    speedMPerS:
      relative <= 0.15
        ? 0.96 * (heatKw / heightM) ** (1 / 3)
        : (0.195 * heatKw ** (1 / 3) * heightM ** 0.5) / distanceM ** (5 / 6),
  };
}
