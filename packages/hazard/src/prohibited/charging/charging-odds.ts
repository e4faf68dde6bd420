/** What is known of a load that may be a charger, in relative measures of its own power. NaN = not known yet. */
export type ChargingFeatures = {
  readonly activePowerW: number;
  /** Its size over the mean jump between two seconds of the circuit before. */
  readonly standsOut: number;
  /** Distortion over active power of its step: about THD / cos φ1. Bounds when only magnitudes were told. */
  readonly distortionRatioLow: number;
  readonly distortionRatioHigh: number;
  /** Q over P of its step; a meter without sign gives bounds around 0. */
  readonly reactiveRatio: number;
  readonly settlingS: number;
  readonly isSettled: boolean;
  /** Rise of its power at switch-on, ms. */
  readonly riseMs: number;
  /** Rms jump from second to second beyond that of the circuit before, part of its distortion. */
  readonly flickerRatio: number;
  /** How fine flicker could be seen against the circuit's own roughness. */
  readonly flickerErrorRatio: number;
  /** Straight line through its minute means, per cent per minute, with its standard error. */
  readonly driftPctPerMin: number;
  readonly driftErrorPctPerMin: number;
  /** Rms distance of the minute means from that line, part of its distortion; and what the circuit's roughness gives. */
  readonly scatterRatio: number;
  readonly scatterErrorRatio: number;
};

/** One term of the sum, for the evidence. */
export type OddsTerm = { readonly feature: string; readonly value: number; readonly logOdds: number };

/**
 * Field values (marked [M] where remembered): a charger without power-factor correction has THD 110 … 160 %, cos φ1
 * near 1 and slightly leading, 90 … 600 W; it reaches its power within a soft start of 0.3 … 1 s, holds it within
 * 1 %, and its power rises 5 … 12 % over hours. What resembles it: groups of LED lamps without correction (the current falls
 * 2 … 6 % in the first quarter of an hour as they warm [M]), televisions and computers without correction (they flicker with
 * what they show and do), compressors and pumps on inverters (they ramp for tens of seconds).
 */
const PRIOR = { distortion: -1, power: -2.5 } as const;
const LEAST_W = 80;
const MOST_W = 650;

/** Log-odds that the step belongs to a charger, from what is known at switch-on. */
export function stepTerms(f: ChargingFeatures, channel: 'distortion' | 'power'): readonly OddsTerm[] {
  const terms = [
    { feature: 'prior', value: PRIOR[channel], logOdds: PRIOR[channel] },
    ...(channel === 'power' ? correctedTerms(f) : rectifierTerms(f)),
    { feature: 'standsOut', value: f.standsOut, logOdds: standsOutLogOdds(f.standsOut) },
    {
      feature: 'settlingS',
      value: f.settlingS,
      logOdds: f.isSettled ? (f.settlingS <= 3 ? 0.5 : -0.5 * (f.settlingS - 3)) : -2,
    },
  ];
  if (!Number.isNaN(f.riseMs)) terms.push({ feature: 'riseMs', value: f.riseMs, logOdds: riseLogOdds(f.riseMs) });
  return terms.map((term) => ({ ...term, logOdds: Math.max(-8, term.logOdds) }));
}

/** Two loads switched in the same seconds are rarer than one load that is no rectifier. */
const HIDDEN = -1.5;

function rectifierTerms(f: ChargingFeatures): readonly OddsTerm[] {
  const ratio = nearest(f.distortionRatioLow, f.distortionRatioHigh, 1.25);
  const power = outside(Math.log(f.activePowerW), Math.log(LEAST_W), Math.log(MOST_W), 0.15);
  return [
    { feature: 'activePowerW', value: f.activePowerW, logOdds: -4 * power },
    {
      feature: 'distortionRatio',
      value: ratio,
      logOdds: Number.isNaN(ratio) ? HIDDEN : 2 - 2 * outside(ratio, 0.95, 1.75, 0.12),
    },
    {
      feature: 'reactiveRatio',
      value: f.reactiveRatio,
      logOdds: Number.isNaN(f.reactiveRatio) ? 0 : -2 * outside(f.reactiveRatio, -0.5, 0.15, 0.1),
    },
  ];
}

/**
 * With power-factor correction only large chargers are told from lamps, computers and screens: those of 240 W and more
 * that hold still are rare [M]. Below a twentieth of distortion it is a heater on a distorted voltage.
 */
function correctedTerms(f: ChargingFeatures): readonly OddsTerm[] {
  const ratio = nearest(f.distortionRatioLow, f.distortionRatioHigh, 0.12);
  const power = outside(Math.log(f.activePowerW), Math.log(240), Math.log(MOST_W), 0.15);
  const reactive = Number.isNaN(f.reactiveRatio) ? 0 : outside(f.reactiveRatio, -0.25, 0.08, 0.06);
  return [
    { feature: 'activePowerW', value: f.activePowerW, logOdds: 1 - 2 * power },
    { feature: 'distortionRatio', value: ratio, logOdds: 0.5 - 2 * outside(ratio, 0.05, 0.35, 0.015) },
    { feature: 'reactiveRatio', value: f.reactiveRatio, logOdds: -2 * reactive },
  ];
}

/**
 * Soft start: chargers rise for 0.3 … 1 s and slow ones for 2 s; drivers of lamps mostly within 0.25 s, supplies of screens and computers
 * anywhere between [M]; compressors on inverters ramp for many seconds.
 */
function riseLogOdds(riseMs: number): number {
  const seen = Math.log(Math.max(20, riseMs));
  const charger = normalDensity(seen, Math.log(700), 0.55);
  const lamp = normalDensity(seen, Math.log(130), 0.5);
  const screen = normalDensity(seen, Math.log(400), 0.8);
  const ramp = normalDensity(seen, Math.log(4000), 1);
  // What seems to rise for longer may be another load that came on after it.
  return clamp(Math.log(charger / (0.55 * lamp + 0.25 * screen + 0.2 * ramp)), riseMs > 3000 ? -2 : -4, 1.5);
}

/** A step that is hardly larger than the circuit's own jumps is one of them. */
function standsOutLogOdds(ratio: number): number {
  return clamp(2 * Math.log(ratio / 40), -4, 0.3);
}

/** Log-odds from how the power goes on. */
export function courseTerms(f: ChargingFeatures): readonly OddsTerm[] {
  const terms: OddsTerm[] = [];
  if (!Number.isNaN(f.flickerRatio)) {
    terms.push({ feature: 'flickerRatio', value: f.flickerRatio, logOdds: flickerLogOdds(f) });
  }
  if (!Number.isNaN(f.driftPctPerMin)) {
    terms.push({ feature: 'driftPctPerMin', value: f.driftPctPerMin, logOdds: driftLogOdds(f) });
    terms.push({ feature: 'scatterRatio', value: f.scatterRatio, logOdds: scatterLogOdds(f) });
  }
  return terms;
}

export function sumOf(terms: readonly OddsTerm[]): number {
  return terms.reduce((sum, term) => sum + term.logOdds, 0);
}

export function probabilityOf(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}

/** Flicker: chargers 0.1 … 0.8 %, screens and computers 1 … 10 % [M], both log-normal, blurred by what cannot be seen. */
function flickerLogOdds({ flickerRatio, flickerErrorRatio }: ChargingFeatures): number {
  const seen = Math.log(Math.hypot(flickerRatio, 0.003));
  const blur = Math.log(1 + flickerErrorRatio / 0.003);
  const charger = normalDensity(seen, Math.log(0.004), Math.hypot(0.5, blur));
  const lively = normalDensity(seen, Math.log(0.03), Math.hypot(0.9, blur));
  const steady = normalDensity(seen, Math.log(0.005), Math.hypot(0.6, blur));
  return clamp(Math.log(charger / (0.5 * lively + 0.5 * steady)), -5, 1.5);
}

/**
 * Drift: constant current rises 0.05 ± 0.04 %/min; a battery nearly full is in its tail at once (one in ten). Against
 * it lamps that warm up, and what wanders: the less it scatters, the less likely that is.
 */
function driftLogOdds({
  driftPctPerMin: drift,
  driftErrorPctPerMin: error,
  scatterRatio,
  scatterErrorRatio,
}: ChargingFeatures): number {
  const charger =
    0.9 * normalDensity(drift, 0.05, Math.hypot(0.04, error)) +
    0.1 * normalDensity(drift, -2.5, Math.hypot(1.5, error));
  // Behind a restless circuit its own wandering is not seen: it may be there.
  const wandering = clamp(40 * Math.hypot(scatterRatio, scatterErrorRatio), 0.05, 0.4);
  const other =
    (1 - wandering) * normalDensity(drift, -0.2, Math.hypot(0.13, error)) +
    wandering * normalDensity(drift, 0, Math.hypot(2, error));
  return clamp(Math.log(charger / other), -7, 3);
}

/** Scatter of the minute means around their line: chargers below 0.3 %, screens above 1 % [M]. */
function scatterLogOdds({ scatterRatio, scatterErrorRatio }: ChargingFeatures): number {
  const seen = Math.log(Math.hypot(scatterRatio, 0.002));
  const blur = Math.log(1 + scatterErrorRatio / 0.003);
  const charger = normalDensity(seen, Math.log(0.0025), Math.hypot(0.5, blur));
  const lively = normalDensity(seen, Math.log(0.02), Math.hypot(0.9, blur));
  const steady = normalDensity(seen, Math.log(0.003), Math.hypot(0.5, blur));
  return clamp(Math.log(charger / (0.5 * lively + 0.5 * steady)), -5, 1);
}

/** How far a value lies outside a range, in units of `scale`. */
function outside(value: number, low: number, high: number, scale: number): number {
  if (Number.isNaN(value)) return 1;
  return Math.max(0, low - value, value - high) / scale;
}

/** The value between the bounds that is nearest to `wanted`. */
function nearest(low: number, high: number, wanted: number): number {
  return Math.min(Math.max(wanted, low), high);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

function normalDensity(x: number, mean: number, deviation: number): number {
  const z = (x - mean) / deviation;
  return Math.exp(-0.5 * z * z) / deviation + 1e-12;
}
