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
  /** How far its harmonics are from those of pulses at the voltage's peak; 0 = they may be; NaN = not known. */
  readonly pulseMismatch: number;
  readonly settlingS: number;
  readonly isSettled: boolean;
  /** Rise of its power at switch-on, ms. */
  readonly riseMs: number;
  /** Rms jump from second to second beyond that of the circuit before, part of its distortion. */
  readonly flickerRatio: number;
  /** How fine flicker could be seen against the circuit's own roughness. */
  readonly flickerErrorRatio: number;
  /** How much the circuit's power moves from 20 s to 20 s beyond what it did before, part of the load's power; NaN = not known. */
  readonly unrestRatio: number;
  readonly unrestErrorRatio: number;
  /** How far the circuit swings beyond all that its other loads may, part of the load's power; NaN = not known. */
  readonly swingRatio: number;
  /** The middle of its minutes over its step; NaN before the first one. */
  readonly grownRatio: number;
  /** How far it strays from a straight line (`courseStray`); NaN = not known. */
  readonly strayRatio: number;
  /** Straight line through its minute means, per cent per minute, with its standard error. */
  readonly driftPctPerMin: number;
  readonly driftErrorPctPerMin: number;
  /** What the whole course says, natural logarithm; NaN before enough of it is known. */
  readonly courseLogOdds: number;
  /** What speaks for a battery there is its tail. */
  readonly isTail: boolean;
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
const LEAST_W = 88;
/** What 600 W of charge draw with losses of a seventh. */
const MOST_W = 700;

/** Log-odds that the step belongs to a charger, from what is known at switch-on. */
export function stepTerms(f: ChargingFeatures, channel: 'distortion' | 'power'): readonly OddsTerm[] {
  const terms = [
    { feature: 'prior', value: PRIOR[channel], logOdds: PRIOR[channel] },
    ...(channel === 'power' ? correctedTerms(f) : rectifierTerms(f)),
    { feature: 'standsOut', value: f.standsOut, logOdds: standsOutLogOdds(f.standsOut) },
    {
      feature: 'settlingS',
      value: f.settlingS,
      logOdds: settlingLogOdds(f),
    },
  ];
  if (!Number.isNaN(f.riseMs)) terms.push({ feature: 'riseMs', value: f.riseMs, logOdds: riseLogOdds(f.riseMs) });
  else if (channel === 'power') terms.push({ feature: 'riseMs', value: NaN, logOdds: UNSEEN_RISE });
  return terms.map((term) => ({ ...term, logOdds: Math.max(-8, term.logOdds) }));
}

/** Chargers hold their level within 3 s, whatever runs beside them. Compressors and pumps on inverters ramp on. */
function settlingLogOdds({ isSettled, settlingS }: ChargingFeatures): number {
  if (!isSettled) return -2;
  return settlingS <= 3 ? 0.5 : -2 * (settlingS - 3);
}

/** Two loads switched in the same seconds are rarer than one load that is no rectifier. */
const HIDDEN = -1.5;
/** Its power is hidden, but its harmonics are those of pulses at the voltage's peak. */
const PULSES = 1;

function hiddenLogOdds({ pulseMismatch }: ChargingFeatures): number {
  return Number.isNaN(pulseMismatch) ? HIDDEN : Math.max(HIDDEN, PULSES - 2 * pulseMismatch);
}

/** Pulses of another shape than a bridge with a capacitor gives: a dimmer, a motor, two loads in one second. Chargers have none. */
const FOREIGN_PULSES = 1;
const PER_MISMATCH = -2;

function foreignLogOdds({ pulseMismatch }: ChargingFeatures): number {
  return Number.isNaN(pulseMismatch) ? 0 : PER_MISMATCH * Math.max(0, pulseMismatch - FOREIGN_PULSES);
}

function rectifierTerms(f: ChargingFeatures): readonly OddsTerm[] {
  const ratio = nearest(f.distortionRatioLow, f.distortionRatioHigh, 1.25);
  const power = outside(Math.log(f.activePowerW), Math.log(LEAST_W), Math.log(MOST_W), 0.08);
  return [
    { feature: 'activePowerW', value: f.activePowerW, logOdds: -4 * power },
    {
      feature: 'distortionRatio',
      value: ratio,
      logOdds: Number.isNaN(ratio) ? hiddenLogOdds(f) : 2 - 2 * outside(ratio, 0.95, 1.6, 0.12),
    },
    { feature: 'pulseMismatch', value: f.pulseMismatch, logOdds: foreignLogOdds(f) },
    {
      feature: 'reactiveRatio',
      value: f.reactiveRatio,
      logOdds: Number.isNaN(f.reactiveRatio) ? 0 : -2 * outside(f.reactiveRatio, -0.5, 0.15, 0.1),
    },
  ];
}

/** Corrected loads of this power and more that start softly and hold still are rare but for chargers [M]. */
const LEAST_CORRECTED_W = 235;

/**
 * What the filter of a corrected supply of this size draws at 230 V and 50 Hz: up to 3 µF. An inverter without a store of
 * its own, as in a hob, has its capacitor of 4 µF and more before the switches.
 */
const MOST_FILTER_VAR = 50;

/**
 * With power-factor correction only large chargers are told from lamps, computers and screens. A heater has the
 * distortion of the voltage alone, about 0.02, and is there at once.
 */
function correctedTerms(f: ChargingFeatures): readonly OddsTerm[] {
  const ratio = nearest(f.distortionRatioLow, f.distortionRatioHigh, 0.12);
  const power = outside(Math.log(f.activePowerW), Math.log(LEAST_CORRECTED_W), Math.log(MOST_W), 0.15);
  const leading = -MOST_FILTER_VAR / f.activePowerW;
  const reactive = Number.isNaN(f.reactiveRatio) ? 0 : outside(f.reactiveRatio, leading, 0.08, 0.06);
  return [
    { feature: 'activePowerW', value: f.activePowerW, logOdds: 2 - 2 * power },
    { feature: 'distortionRatio', value: ratio, logOdds: 0.5 - 2 * outside(ratio, 0.03, 0.35, 0.015) },
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

/** Corrected supplies start softly: what was there at once, or came behind another load, may be a motor or a heater as well. */
const UNSEEN_RISE = -0.7;

/** A step that is hardly larger than the circuit's own jumps is one of them. */
function standsOutLogOdds(ratio: number): number {
  return clamp(2 * Math.log(ratio / 40), -4, 0.3);
}

/** What falls steadily may be something that nobody thought of: it counts for less than what rises. */
const MOST_TAIL = 2.5;

/**
 * Telephones and computers fill up as vehicles do, with up to 65 W and, what came on in the same seconds taken for theirs,
 * half as much again.
 */
const SMALL_BATTERY_W = 100;
const LARGE_BATTERY_W = 160;
const MOST_SMALL_TAIL = 1;

/** Compressors and much else that is no rectifier fall as they settle: a fall of power alone says nothing. */
function mostCourseLogOdds({ isTail, activePowerW }: ChargingFeatures, channel: 'distortion' | 'power'): number {
  if (!isTail) return 5;
  if (channel === 'power') return 0;
  return MOST_TAIL - smallBatteryShare(activePowerW) * (MOST_TAIL - MOST_SMALL_TAIL);
}

/** Whether a load of this power may be what a telephone or a computer is charged by: 1 = it may, 0 = it draws too much. */
export function smallBatteryShare(activePowerW: number): number {
  return 1 - clamp(Math.log(activePowerW / SMALL_BATTERY_W) / Math.log(LARGE_BATTERY_W / SMALL_BATTERY_W), 0, 1);
}

/** Flicker that speaks against a battery from here on takes away what the course may say for it. */
const FLICKERS = -0.5;
const PER_FLICKER = 2;

/**
 * A screen that flickers about a mean that holds still is no battery: what moves off the growth of its pulses is taken for
 * another load's and its own course looks calm.
 */
function mostBehindFlicker(f: ChargingFeatures, most: number): number {
  const flickers = Number.isNaN(f.flickerRatio) ? 0 : Math.min(0, flickerLogOdds(f) - FLICKERS);
  return Math.max(0, most + PER_FLICKER * (flickers + unrestLogOdds(f)));
}

/** Parts of a load's power: what steps not taken out quite may leave, and from where on it is this load that swings. */
const SWINGS = [0.08, 0.2] as const;
/** By more than itself no load swings: that is a hob or a drum that begins to pulse. */
const TOO_FAR = [0.7, 1] as const;
const MOST_SWING = -3;

/** What swings by more than everything else on the circuit draws swings itself: pumps and compressors on inverters, no battery. */
function swingLogOdds({ swingRatio }: ChargingFeatures): number {
  const share = (from: number, to: number): number => clamp((swingRatio - from) / (to - from), 0, 1);
  return MOST_SWING * Math.min(share(...SWINGS), 1 - share(...TOO_FAR));
}

/** A battery's power rises by 12 % at most, over hours; others leak into what is seen of it. */
const MOST_GROWN = 1.3;
const PER_GROWN = -2 / 0.15;

/** What has grown far beyond its step was the foot of a ramp: a compressor on an inverter that comes up to speed. */
function grownLogOdds({ grownRatio }: ChargingFeatures): number {
  return Math.max(-8, PER_GROWN * Math.log(grownRatio / MOST_GROWN));
}

/** Strays that other loads' steps, taken out with an error, may leave, and from where on it is the load's own. */
const STRAYS = [0.025, 0.05] as const;
const MOST_STRAY = -3;

/** No battery strays: pumps and compressors that are regulated do, and screens, however they came on. */
function strayLogOdds({ strayRatio }: ChargingFeatures): number {
  const [none, whole] = STRAYS;
  return MOST_STRAY * clamp((strayRatio - none) / (whole - none), 0, 1);
}

/** Log-odds from how the power goes on. */
export function courseTerms(f: ChargingFeatures, channel: 'distortion' | 'power'): readonly OddsTerm[] {
  const terms: OddsTerm[] = [];
  if (!Number.isNaN(f.flickerRatio)) {
    terms.push({ feature: 'flickerRatio', value: f.flickerRatio, logOdds: flickerLogOdds(f) });
  }
  if (!Number.isNaN(f.unrestRatio)) {
    terms.push({ feature: 'unrestRatio', value: f.unrestRatio, logOdds: unrestLogOdds(f) });
  }
  if (f.swingRatio > 0) terms.push({ feature: 'swingRatio', value: f.swingRatio, logOdds: swingLogOdds(f) });
  if (f.grownRatio > MOST_GROWN) terms.push({ feature: 'grownRatio', value: f.grownRatio, logOdds: grownLogOdds(f) });
  if (f.strayRatio > STRAYS[0]) terms.push({ feature: 'strayRatio', value: f.strayRatio, logOdds: strayLogOdds(f) });
  if (!Number.isNaN(f.courseLogOdds)) {
    const most = mostBehindFlicker(f, mostCourseLogOdds(f, channel));
    terms.push({
      feature: 'driftPctPerMin',
      value: f.driftPctPerMin,
      logOdds: clamp(f.courseLogOdds, -8, most),
    });
  }
  return terms;
}

/**
 * What the switching-on counts at most towards a confirmation; more where a soft start of about a second was watched, which no
 * lamp and hardly any screen has.
 */
const MOST_AT_START = { distortion: 1.5, power: 2.6 } as const;
const WATCHED_START = { fromLogOdds: 0.8, more: 1 } as const;
/** What is seen after it, and what this circuit showed before. */
const SEEN_SINCE = ['flickerRatio', 'unrestRatio', 'swingRatio', 'grownRatio', 'strayRatio', 'driftPctPerMin', 'habit'];

/**
 * Log-odds that confirm: a screen or a computer without correction may come on exactly as a charger does, so that this
 * alone draws attention and confirms nothing. Behind restless loads, where the course says nothing, it stays at that, but for
 * a watched soft start.
 */
export function confirmingOf(terms: readonly OddsTerm[], channel: 'distortion' | 'power'): number {
  const since = sumOf(terms.filter(({ feature }) => SEEN_SINCE.includes(feature)));
  const rise = terms.find(({ feature }) => feature === 'riseMs')?.logOdds ?? 0;
  const more = channel === 'distortion' && rise >= WATCHED_START.fromLogOdds ? WATCHED_START.more : 0;
  return Math.min(MOST_AT_START[channel] + more, sumOf(terms) - since) + since;
}

export function sumOf(terms: readonly OddsTerm[]): number {
  return terms.reduce((sum, term) => sum + term.logOdds, 0);
}

export function probabilityOf(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}

type Flicker = Pick<ChargingFeatures, 'flickerRatio' | 'flickerErrorRatio'>;

/** Flicker: chargers, whose current is regulated, 0.1 … 0.5 %, screens and computers 1 … 10 % [M], both log-normal, blurred by what cannot be seen. */
function flickerDensities({
  flickerRatio,
  flickerErrorRatio,
}: Flicker): Record<'charger' | 'lively' | 'steady', number> {
  const seen = Math.log(Math.hypot(flickerRatio, 0.003));
  const blur = Math.log(1 + flickerErrorRatio / 0.003);
  return {
    charger: normalDensity(seen, Math.log(0.003), Math.hypot(0.5, blur)),
    lively: 0.5 * normalDensity(seen, Math.log(0.03), Math.hypot(0.9, blur)),
    steady: 0.5 * normalDensity(seen, Math.log(0.005), Math.hypot(0.6, blur)),
  };
}

function flickerLogOdds(flicker: Flicker): number {
  const { charger, lively, steady } = flickerDensities(flicker);
  return clamp(Math.log(charger / (lively + steady)), -5, 1.5);
}

/** Second differences of a battery's circuit, part of its power: what regulation and noise leave [M]. */
const RESTS_AT = 0.001;
/** Chance that something else, at rest before and switched by nobody, begins to move within the same minutes. */
const OTHERS_BEGIN = 0.07;

/**
 * A circuit that was at rest and moves since this load came on: it is this load that moves, and no battery. Whoever moves
 * off the growth of pulses is taken for another load by the filters, and its own course then looks calm. Rest says nothing:
 * lamps rest as well.
 */
function unrestLogOdds({ unrestRatio, unrestErrorRatio }: ChargingFeatures): number {
  if (Number.isNaN(unrestRatio)) return 0;
  const seen = Math.log(Math.hypot(unrestRatio, RESTS_AT));
  const blur = Math.log(1 + unrestErrorRatio / (2 * RESTS_AT));
  const moving = normalDensity(seen, Math.log(0.015), Math.hypot(1, blur));
  const rest = normalDensity(seen, Math.log(1.2 * RESTS_AT), Math.hypot(0.5, blur));
  const battery = (1 - OTHERS_BEGIN) * rest + OTHERS_BEGIN * moving;
  return Math.min(0, Math.log(battery / (0.5 * rest + 0.5 * moving)));
}

/** Chance that a load that is no charger is one of the lively ones, from its flicker: what does not flicker hardly wanders. */
export function livelyShare(flicker: Flicker): number {
  const { lively, steady } = flickerDensities(flicker);
  return lively / (lively + steady);
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
