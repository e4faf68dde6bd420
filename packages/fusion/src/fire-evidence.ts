/** What a sensor measures, one modality each. Smoke in %/m, heat in °C, gas in %LEL, CO in ppm. */
export const modalities = ['smoke', 'heat', 'gas', 'co'] as const;
export type Modality = (typeof modalities)[number];

/**
 * How a modality speaks for a fire. `nuisanceScale` and `fireScale` are the means of two exponential laws of its rise,
 * without a fire and early in one; their ratio is the likelihood ratio. `aloneRise` is the rise that alarms without a
 * second modality.
 */
export type EvidenceLaw = {
  readonly nuisanceScale: number;
  readonly fireScale: number;
  readonly aloneRise: number;
  /** The rise is counted over this window; over the slow baseline when absent. */
  readonly windowMs?: number;
  /** A baseline this far from where it was for days is a sensor that drifts: a fault. */
  readonly driftLimit: number;
  /** Deviation from reading to reading above which a sensor is noisy: a fault. */
  readonly noiseLimit: number;
};

export const evidenceLaws: Readonly<Record<Modality, EvidenceLaw>> = {
  /**
   * Clean air moves by 0.05 … 0.35 %/m (packages/city room air); a 15 kW flame in 60 m³ makes 10 %/m within about a
   * minute (8.7 m²/g, soot 0.03 g/g, 20 kJ/g). Alone above what steam reaches in the scenes of `city`.
   */
  smoke: { nuisanceScale: 0.6, fireScale: 10, aloneRise: 30, driftLimit: 3, noiseLimit: 1.5 },
  /**
   * Rise in 30 s. An appliance of 2 kW, 2 m below and 2 m aside, makes 2.7 K under a ceiling by Alpert's jet, a fast
   * fire (0.0469 kW/s²) of 30 s some 20 K. Alone at 20 K/min, between the 10 and 30 K/min of EN 54-5, class R.
   */
  heat: { nuisanceScale: 1, fireScale: 15, aloneRise: 10, windowMs: 30_000, driftLimit: 20, noiseLimit: 3 },
  /** Gas says leak before it says fire; weak, and never alone: its own rule alarms at 10 %LEL. */
  gas: { nuisanceScale: 5, fireScale: 10, aloneRise: Infinity, driftLimit: 5, noiseLimit: 3 },
  /** Gas hobs and traffic make some ppm; EN 54-26 detectors respond at 25 … 58 ppm. */
  co: { nuisanceScale: 5, fireScale: 50, aloneRise: 100, driftLimit: 15, noiseLimit: 8 },
};

export const electricalKinds = ['arc', 'contactHeating', 'overload', 'residualCurrent'] as const;
export type ElectricalKind = (typeof electricalKinds)[number];

/** By how much evidence on a branch multiplies the odds of a fire in its places: 10 … 100 (electrical-fire.md, 6.2). */
export const electricalOdds: Readonly<Record<ElectricalKind, number>> = {
  arc: 100,
  contactHeating: 30,
  overload: 10,
  residualCurrent: 10,
};

/** Evidence fades by e^(−t/120 s) (electrical-fire.md, 6.2); electrical evidence stays as long as a fault smoulders. */
export const DECAY_MS = 120_000;
export const ELECTRICAL_DECAY_MS = 1_800_000;
/** Slow enough for a fire, fast enough for the day: 1.5 K and 0.15 %/m in hours and half-hours. */
export const BASELINE_MS = 1_800_000;
/** Odds before any evidence, e^−5: with two modalities an alarm needs a likelihood ratio of 150. */
export const PRIOR_LOG_ODDS = -5;
/** A modality counts as one of two when it alone makes a fire e times likelier. */
export const COUNTING_LLR = 1;
/** No modality says more than e^6: a sensor may be wrong in a way that no law here knows. */
export const MAX_LLR = 6;
/** Share of a neighbour's evidence that reaches a place through a door, and the most of it; the strongest counts. */
export const NEIGHBOUR_SHARE = 0.2;
export const NEIGHBOUR_MAX = 1.5;
/** From this log-odds on: 12 % that it burns. */
export const WARNING_LOG_ODDS = -2;
/** Consecutive readings beyond the bar for one modality alone: one reading may be a spark on the line. */
export const ALONE_READINGS = 3;
/** A detector's own state over seasons: a week of other weather is no drift, two days of creeping are. */
export const REFERENCE_MS = 7 * 86_400_000;
/** Over so many readings noise is averaged, however often they come. */
export const NOISE_READINGS = 60;
/** So many of the sensor's own mean deviations do not count as rise: the range of some ten readings of noise. */
export const NOISE_MARGIN = 4;
/** A sensor that says the very same for so long, after it once moved, is stuck. */
export const STUCK_MS = 12 * 3_600_000;

/** Log of the likelihood ratio of a rise; 0 where it speaks against a fire: silence of one sensor refutes no other. */
export function logLikelihoodRatio(rise: number, { nuisanceScale, fireScale }: EvidenceLaw): number {
  const llr = Math.log(nuisanceScale / fireScale) + rise * (1 / nuisanceScale - 1 / fireScale);
  return Math.min(MAX_LLR, Math.max(0, llr));
}
