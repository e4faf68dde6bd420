import { courseTerms, stepTerms, sumOf } from './charging-odds.ts';
import type { ChargingFeatures, OddsTerm } from './charging-odds.ts';
import type { ChargingStage } from './charging-stage.ts';
import { courseEvidence } from './course-evidence.ts';
import type { CourseEvidence } from './course-evidence.ts';
import { nextStage, startStage } from './charging-stage.ts';
import { BINS_PER_MINUTE, rateOf, startCourse } from './load-course.ts';
import type { LoadCourse } from './load-course.ts';
import { filtered, matchedFilter } from './matched-filter.ts';
import type { MatchedFilter } from './matched-filter.ts';
import { pulseMismatch } from './pulse-shape.ts';
import { recognisedTerm } from './recognised-switch.ts';
import type { SwitchSeen } from './recognised-switch.ts';
import { shiftedLine } from './shifted-line.ts';
import { DIMENSIONS, FIRST_HARMONIC } from './step-watch.ts';
import type { CircuitStep } from './step-watch.ts';

export type ChargingChannel = 'distortion' | 'power';

/** A load that may be a charger, followed since its switch-on; plain JSON. */
export type ChargingCandidate = {
  readonly id: string;
  readonly onAt: number;
  readonly hasPhasors: boolean;
  /** What it is followed by: its distortion or, with power-factor correction, its power. */
  readonly channel: ChargingChannel;
  /** Its step: P, Q, and what its distortion lies between. */
  readonly activePowerW: number;
  /** Null where another load, switched in the same seconds, hid it; the power is then what such distortion usually has. */
  readonly reactivePowerVar: number | null;
  /** Phasors of harmonics 3, 5 and 7 of its step, VA; without phasors 0. */
  readonly harmonicsVa: readonly number[];
  readonly distortionLowVa: number;
  readonly distortionHighVa: number;
  readonly settlingS: number;
  readonly isSettled: boolean;
  /** Rise of its power at switch-on, ms; null where nobody watched it finely. */
  readonly riseMs: number | null;
  /** How it is seen in the sum: gives the size of its step, VA, at switch-on. */
  readonly filter: MatchedFilter;
  /** Log-odds from what this circuit did before with such a step. */
  readonly habitLogOdds: number;
  /** The switching behind it; null = none was seen, absent = nobody tells switchings. */
  switched?: SwitchSeen | null;
  /** Everything else on the circuit: moves with the steps of other loads. */
  offset: number[];
  course: LoadCourse;
  /** Highest level so far, VA. */
  highestVa: number;
  phase: ChargingStage;
  /** What its course of so many bins said; absent before. */
  judged?: { readonly bins: number; readonly evidence: CourseEvidence | null };
  cvSince: number | null;
  tentativeAt: number | null;
  confirmedAt: number | null;
  provedAt: number | null;
};

/** Bins that are left out: the thermistor warms, the battery takes its first polarisation. */
const FIRST_BIN = 3;
/** Bins of ten minutes; a lamp has mostly warmed up by then, later ones would only dilute its fall. */
const LAST_BIN = 45;

/**
 * A heater beside carries the voltage's harmonics, about 2 % of its power, and these follow the square of a voltage that
 * wanders by 0.8 % within minutes: nobody saw that while the heater was off.
 */
const WANDER_RATIO = 3e-4;
/** Minutes over which such wander looks like drift. */
const WANDER_MIN = 6;

/** Part of the circuit's drift before that may not go on. */
const FADING_RATIO = 0.4;

/** Undefined when the step cannot be a charger's whatever follows. */
export function candidateOf(
  id: string,
  step: CircuitStep,
  channel: ChargingChannel,
  hasPhasors: boolean,
  habitLogOdds: number,
  riseMs: number,
  secondsBefore: readonly Float64Array[],
  binsBefore: readonly Float64Array[],
): ChargingCandidate | undefined {
  const { before, after } = step;
  const [low, high] = hasPhasors ? phasorDistortion(before, after) : magnitudeDistortion(before, after);
  const isPower = channel === 'power';
  const activePowerW = isPower
    ? (after[0] as number) - (before[0] as number)
    : powerOf(step, USUAL_DISTORTION_RATIO, hasPhasors);
  if (!(activePowerW > 50 && (isPower || low > 30))) return undefined;
  // Another load was switched in the same seconds: what is not seen in the harmonics is not this load's alone.
  const meanW = (after[0] as number) - (before[0] as number);
  const isHidden = Math.abs(meanW - activePowerW) > HIDING_RATIO * activePowerW;
  const sizeVa = isPower ? activePowerW : low;
  const candidate: ChargingCandidate = {
    id,
    onAt: step.startedAt,
    hasPhasors,
    channel,
    activePowerW,
    reactivePowerVar: isHidden ? null : (after[1] as number) - (before[1] as number),
    harmonicsVa: Array.from(differenceOf(step).subarray(FIRST_HARMONIC)),
    distortionLowVa: low,
    distortionHighVa: high,
    settlingS: step.settlingS,
    isSettled: step.isSettled,
    riseMs: isHidden || Number.isNaN(riseMs) ? null : riseMs,
    filter: matchedFilter(secondsBefore, differenceOf(step), sizeVa, dimensionsOf(channel, hasPhasors), binsBefore),
    habitLogOdds,
    offset: Array.from(before),
    course: startCourse(step.endedAt),
    highestVa: 0,
    phase: startStage(),
    cvSince: null,
    tentativeAt: null,
    confirmedAt: null,
    provedAt: null,
  };
  return sumOf(stepTerms(featuresOf(candidate), channel)) > -4 ? candidate : undefined;
}

/** Difference of the whole circuit's step from the load's own beyond which something else was switched as well. */
const HIDING_RATIO = 0.2;
/** Below this part of the power expected, the power is hidden behind another switching. */
const HIDDEN_RATIO = 0.55;
/** Mean jump per second over the power of a step from which on its power cannot be told. */
const RESTLESS_RATIO = 0.05;
/** Distortion over active power in the middle of what chargers have. */
const USUAL_DISTORTION_RATIO = 1.3;

/**
 * Active power of a step of distortion. Another load may have switched in the same seconds, or pulse: of the difference
 * of the means, of a short difference and of the difference of the lowest levels, the one nearest to what a load with
 * that ratio of distortion would draw. Where the power is restless altogether, that ratio itself.
 */
export function powerOf(step: CircuitStep, distortionRatio: number, hasPhasors: boolean): number {
  const moreVa = (step.after[2] as number) - (step.before[2] as number);
  // Magnitudes of several loads add up to less than their sum, phasors do not.
  const [lowVa, highVa] = phasorDistortion(step.before, step.after);
  const meanW = (step.after[0] as number) - (step.before[0] as number);
  const estimates = [meanW, step.quickW, step.lowestAfterW - step.lowestBeforeW];
  const nearestTo = (wantedW: number): number =>
    estimates.reduce((best, w) => (Math.abs(w - wantedW) < Math.abs(best - wantedW) ? w : best));
  let expectedW = moreVa / distortionRatio;
  if (hasPhasors) {
    // Beside a load whose harmonics are opposite the distortion falls when a rectifier comes on: the power tells.
    const sizeW = (0.5 * (lowVa + highVa)) / distortionRatio;
    const isOn = Math.abs(nearestTo(sizeW) - sizeW) < Math.abs(nearestTo(-sizeW) + sizeW);
    expectedW = isOn ? sizeW : -sizeW;
  }
  const nearest = nearestTo(expectedW);
  // Less power than any load of such distortion has: something else went off in the same seconds.
  if (nearest < HIDDEN_RATIO * expectedW) return expectedW;
  const isRestless = step.restlessW > RESTLESS_RATIO * expectedW && Math.abs(nearest - expectedW) < 1.5 * expectedW;
  return isRestless ? expectedW : nearest;
}

/** Harmonics 3, 5, 7 of the difference; with all the others a charger has about a tenth more. */
function phasorDistortion(before: Float64Array, after: Float64Array): [number, number] {
  let squares = 0;
  for (let k = FIRST_HARMONIC; k < DIMENSIONS; k++) squares += ((after[k] as number) - (before[k] as number)) ** 2;
  return [Math.sqrt(squares), 1.15 * Math.sqrt(squares)];
}

/** Magnitudes: the new current adds to the old one at an unknown angle between parallel and square. */
function magnitudeDistortion(before: Float64Array, after: Float64Array): [number, number] {
  const a = before[2] as number;
  const b = after[2] as number;
  return b <= a ? [b - a, b - a] : [b - a, Math.sqrt(b * b - a * a)];
}

/** The candidate's own size in this second, VA. */
export function ownSizeVa(candidate: ChargingCandidate, x: Float64Array): number {
  return filtered(candidate.filter.weights, x, candidate.offset);
}

/**
 * Distortion is seen in the harmonics alone: P and Q belong to heaters and motors as well. Power is seen in everything, so
 * that what flickers elsewhere is nulled.
 */
function dimensionsOf(channel: ChargingChannel, hasPhasors: boolean): readonly number[] {
  const harmonics = Array.from({ length: DIMENSIONS - FIRST_HARMONIC }, (_, k) => FIRST_HARMONIC + k);
  if (channel === 'power') return hasPhasors ? [0, 1, ...harmonics] : [0, 2];
  return hasPhasors ? harmonics : [2];
}

function differenceOf({ before, after }: CircuitStep): Float64Array {
  return after.map((value, k) => value - (before[k] as number));
}

export function featuresOf(candidate: ChargingCandidate): ChargingFeatures {
  const { course, activePowerW } = candidate;
  const { roughnessVa, calmVa, driftVaPerMin, driftErrorVaPerMin } = candidate.filter;
  const isHidden = candidate.reactivePowerVar === null;
  const ownVa = Math.max(1, stepSizeVa(candidate));
  const jumpVa = course.jumps > 0 ? Math.sqrt(course.squares / course.jumps) : NaN;
  // Mean absolute jump to rms of a normal variable.
  const ownRoughVa = 1.25 * roughnessVa;
  const bins = course.bins.slice(FIRST_BIN, LAST_BIN).map((value) => value ?? NaN);
  const line = shiftedLine(bins);
  const evidence = courseOf(candidate, bins, line?.shiftsAt ?? []);
  const levelVa = Math.max(1, line?.level ?? ownVa);
  // A few bins may lie on a line by chance: what the circuit scattered before is the least that is believed.
  const errorScale = line === undefined ? NaN : Math.max(1, Math.hypot(calmVa, 0.0007 * levelVa) / line.scatter);
  const perMinutePct = (100 * BINS_PER_MINUTE) / levelVa;
  return {
    activePowerW,
    standsOut: ownVa / Math.max(0.05, roughnessVa),
    distortionRatioLow: isHidden ? NaN : candidate.distortionLowVa / activePowerW,
    distortionRatioHigh: isHidden ? NaN : candidate.distortionHighVa / activePowerW,
    reactiveRatio: candidate.hasPhasors && !isHidden ? (candidate.reactivePowerVar ?? NaN) / activePowerW : NaN,
    pulseMismatch:
      candidate.hasPhasors && candidate.channel === 'distortion' ? pulseMismatch(candidate.harmonicsVa) : NaN,
    settlingS: candidate.settlingS,
    isSettled: candidate.isSettled,
    riseMs: candidate.riseMs ?? NaN,
    flickerRatio: Math.sqrt(Math.max(0, jumpVa ** 2 - ownRoughVa ** 2)) / ownVa,
    flickerErrorRatio: (0.5 * ownRoughVa) / ownVa,
    driftPctPerMin: line === undefined ? NaN : line.slope * perMinutePct - (100 * driftVaPerMin) / levelVa,
    driftErrorPctPerMin:
      line === undefined
        ? NaN
        : Math.hypot(0.01, line.slopeError * errorScale * perMinutePct, (100 * driftErrorVaPerMin) / levelVa),
    courseLogOdds: evidence?.logOdds ?? NaN,
    isTail: (evidence?.constantCurrentShare ?? 1) < 0.5,
  };
}

/** Judged anew when a bin was added. */
function courseOf(
  candidate: ChargingCandidate,
  bins: readonly number[],
  shifts: readonly number[],
): CourseEvidence | undefined {
  if (candidate.judged?.bins !== bins.length) {
    const { calmVa, driftVaPerMin, driftErrorVaPerMin } = candidate.filter;
    const wanderVa = candidate.channel === 'distortion' ? WANDER_RATIO * Math.max(0, candidate.offset[0] ?? 0) : 0;
    const evidence = courseEvidence({
      bins,
      firstMin: (FIRST_BIN + 0.5) / BINS_PER_MINUTE,
      minutesPerBin: 1 / BINS_PER_MINUTE,
      calmVa: Math.hypot(calmVa, wanderVa),
      driftVaPerMin,
      // What fills up or warms drifts ever slower: ten minutes later a part of the drift is gone.
      driftErrorVaPerMin: Math.hypot(driftErrorVaPerMin, FADING_RATIO * driftVaPerMin, wanderVa / WANDER_MIN),
      shifts,
    });
    candidate.judged = { bins: bins.length, evidence: evidence ?? null };
  }
  return candidate.judged?.evidence ?? undefined;
}

/**
 * How far a step down is from taking this candidate away, part of its distortion: it goes along the phasors it came along.
 * Another rectifier of its size differs in their angles. NaN without phasors.
 */
export function offMismatch(candidate: ChargingCandidate, step: CircuitStep, sizeRatio: number): number {
  if (!candidate.hasPhasors) return NaN;
  let squares = 0;
  let own = 0;
  candidate.harmonicsVa.forEach((va, k) => {
    const gone = (step.before[FIRST_HARMONIC + k] as number) - (step.after[FIRST_HARMONIC + k] as number);
    squares += (gone - sizeRatio * va) ** 2;
    own += (sizeRatio * va) ** 2;
  });
  return Math.sqrt(squares / Math.max(1, own));
}

/** All terms that are known now. */
export function termsOf(candidate: ChargingCandidate): readonly OddsTerm[] {
  const features = featuresOf(candidate);
  const terms = [...stepTerms(features, candidate.channel), ...courseTerms(features, candidate.channel)];
  const recognised =
    candidate.switched === undefined ? undefined : recognisedTerm(candidate.switched, candidate.channel);
  if (recognised !== undefined) terms.push(recognised);
  if (candidate.habitLogOdds !== 0) {
    terms.push({ feature: 'habit', value: candidate.habitLogOdds, logOdds: candidate.habitLogOdds });
  }
  return terms;
}

/** Minutes over which the rate of the hours-scale course is taken. */
const RATE_MINUTES = 6;

/** Moves the stage on after a whole minute. */
export function advanceStage(candidate: ChargingCandidate): void {
  const { minutes } = candidate.course;
  const newest = minutes.at(-1);
  if (newest === undefined) return;
  candidate.highestVa = Math.max(candidate.highestVa, newest.value);
  const rate =
    minutes.length > RATE_MINUTES ? rateOf(candidate.course, minutes.length - RATE_MINUTES, minutes.length) : undefined;
  if (rate === undefined) return;
  const levelRatio = newest.value / Math.max(1, candidate.highestVa);
  candidate.phase = nextStage(candidate.phase, rate.ratePctPerMin, Math.max(0.03, rate.rateErrorPctPerMin), levelRatio);
  if (candidate.phase.constantVoltage >= 0.9) candidate.cvSince ??= newest.at;
  else if (candidate.phase.constantVoltage < 0.5) candidate.cvSince = null;
}

/** Its power now: it keeps the ratio of power to distortion that its step had. */
export function presentPowerW(candidate: ChargingCandidate): number {
  const newest = candidate.course.minutes.at(-1);
  if (newest === undefined) return candidate.activePowerW;
  return (candidate.activePowerW * newest.value) / Math.max(1, stepSizeVa(candidate));
}

/** What its filter gave for its step, VA. */
export function stepSizeVa({ channel, activePowerW, distortionLowVa }: ChargingCandidate): number {
  return channel === 'power' ? activePowerW : distortionLowVa;
}
