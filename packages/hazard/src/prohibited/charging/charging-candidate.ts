import { courseTerms, livelyShare, smallBatteryShare, stepTerms, sumOf } from './charging-odds.ts';
import type { ChargingFeatures, OddsTerm } from './charging-odds.ts';
import { nextStage, startStage } from './charging-stage.ts';
import type { ChargingStage } from './charging-stage.ts';
import { circuitBefore } from './circuit-before.ts';
import type { CircuitBefore } from './circuit-before.ts';
import type { CircuitUnrest } from './circuit-unrest.ts';
import { courseEvidence } from './course-evidence.ts';
import type { CourseEvidence } from './course-evidence.ts';
import { rateOf, startCourse } from './load-course.ts';
import type { LoadCourse } from './load-course.ts';
import { filtered, matchedFilter } from './matched-filter.ts';
import type { MatchedFilter } from './matched-filter.ts';
import { countedBins, driftOf, measuredCourse, measuredStray, measuredUnrest } from './measured-course.ts';
import type { CourseDrift } from './measured-course.ts';
import { pulseGrowth } from './pulse-growth.ts';
import { pulseMismatch } from './pulse-shape.ts';
import { recognisedTerm } from './recognised-switch.ts';
import type { SwitchSeen } from './recognised-switch.ts';
import { shiftedLine } from './shifted-line.ts';
import { differenceOf, magnitudeDistortion, phasorDistortion } from './step-power.ts';
import { DIMENSIONS, FIRST_HARMONIC, SHAPE_END } from './step-watch.ts';
import type { CircuitStep } from './step-watch.ts';

export type ChargingChannel = 'distortion' | 'power';

type Judged = {
  readonly bins: number;
  readonly evidence: CourseEvidence | null;
  readonly drift: CourseDrift | null;
  readonly unrest: CircuitUnrest | null;
  readonly stray: number | null;
};

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
  /** Phasors of harmonics 3, 5 … 15 of its step, VA; 0 where they are not told. */
  readonly harmonicsVa: readonly number[];
  readonly distortionLowVa: number;
  readonly distortionHighVa: number;
  readonly settlingS: number;
  readonly isSettled: boolean;
  /** Whether its power is its own step's, or a switching tells it. */
  readonly isPowerKnown: boolean;
  /** Rise of its power at switch-on, ms; null where nobody watched it finely. */
  readonly riseMs: number | null;
  /** How it is seen in the sum: gives the size of its step, VA, at switch-on. */
  readonly filter: MatchedFilter;
  /** The circuit before the switch-on; null where its course is not followed by phasors. */
  readonly around: CircuitBefore | null;
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
  judged?: Judged;
  cvSince: number | null;
  tentativeAt: number | null;
  confirmedAt: number | null;
  provedAt: number | null;
};

/** Difference of the whole circuit's step from the load's own beyond which something else was switched as well. */
const HIDING_RATIO = 0.2;
/** Longest soft start, and the jumps per second of the circuit, part of the step, that hide a longer one. */
const LONGEST_RISE_MS = 3000;
const RESTLESS_RATIO = 0.03;

/** Undefined when the step cannot be a charger's whatever follows. */
export function candidateOf(
  id: string,
  step: CircuitStep,
  channel: ChargingChannel,
  hasPhasors: boolean,
  habitLogOdds: number,
  activePowerW: number,
  switched: SwitchSeen | undefined,
  riseMs: number,
  secondsBefore: readonly Float64Array[],
  binsBefore: readonly Float64Array[],
): ChargingCandidate | undefined {
  const { before, after } = step;
  const [low, high] = hasPhasors ? phasorDistortion(before, after) : magnitudeDistortion(before, after);
  const isPower = channel === 'power';
  if (!(activePowerW > 50 && (isPower || low > 30))) return undefined;
  // Another load was switched in the same seconds: what is not seen in the harmonics is not this load's alone.
  const meanW = (after[0] as number) - (before[0] as number);
  const isAgreed = (powerW: number): boolean => Math.abs(powerW - activePowerW) <= HIDING_RATIO * activePowerW;
  const isHidden = !isAgreed(meanW);
  const sizeVa = isPower ? activePowerW : low;
  // A switching of the same power tells it, unless it was a motor's or a heater's.
  const isTold = (switched?.rectifierProbability ?? 0) >= 0.5 && isAgreed(switched?.activePowerW ?? NaN);
  const isPowerKnown = !isHidden || isTold;
  const lateS = switched === undefined ? 0 : Math.max(0, (switched.at - (step.startedAt - 1000)) / 1000);
  const difference = differenceOf(step);
  // What seems to rise for seconds beside loads that never rest are these loads.
  const isBlurred = riseMs > LONGEST_RISE_MS && step.restlessW > RESTLESS_RATIO * activePowerW;
  const candidate: ChargingCandidate = {
    id,
    onAt: step.startedAt,
    hasPhasors,
    channel,
    activePowerW,
    reactivePowerVar: isHidden ? null : (after[1] as number) - (before[1] as number),
    harmonicsVa: Array.from(difference.subarray(FIRST_HARMONIC)),
    distortionLowVa: low,
    distortionHighVa: high,
    // What another load did before its contact closed is not its settling.
    settlingS: Math.max(0, Math.min(step.settlingS, Math.ceil(step.settlingS - lateS))),
    isSettled: step.isSettled,
    isPowerKnown,
    riseMs: !isPowerKnown || Number.isNaN(riseMs) || isBlurred ? null : riseMs,
    filter: matchedFilter(
      secondsBefore,
      difference,
      sizeVa,
      dimensionsOf(channel, hasPhasors),
      binsBefore,
      hasPhasors && !isPower ? growthOf(difference) : undefined,
    ),
    around: hasPhasors && !isPower ? circuitBefore(secondsBefore, binsBefore) : null,
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

/** How a rectifier's dimensions move with its power. */
function growthOf(difference: Float64Array): Float64Array {
  const growth = new Float64Array(DIMENSIONS);
  growth.set(pulseGrowth(difference.subarray(FIRST_HARMONIC)).harmonicsVa, FIRST_HARMONIC);
  return growth;
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

export function featuresOf(candidate: ChargingCandidate): ChargingFeatures {
  const { activePowerW } = candidate;
  const { roughnessVa } = candidate.filter;
  const isHidden = candidate.reactivePowerVar === null;
  const ownVa = Math.max(1, stepSizeVa(candidate));
  const { evidence, drift, unrest, stray } = judged(candidate);
  return {
    activePowerW,
    standsOut: ownVa / Math.max(0.05, roughnessVa),
    distortionRatioLow: !candidate.isPowerKnown ? NaN : candidate.distortionLowVa / activePowerW,
    distortionRatioHigh: !candidate.isPowerKnown ? NaN : candidate.distortionHighVa / activePowerW,
    reactiveRatio: candidate.hasPhasors && !isHidden ? (candidate.reactivePowerVar ?? NaN) / activePowerW : NaN,
    pulseMismatch:
      candidate.hasPhasors && candidate.channel === 'distortion' ? pulseMismatch(candidate.harmonicsVa) : NaN,
    settlingS: candidate.settlingS,
    isSettled: candidate.isSettled,
    riseMs: candidate.riseMs ?? NaN,
    ...flickerOf(candidate),
    unrestRatio: unrest?.ratio ?? NaN,
    unrestErrorRatio: unrest?.errorRatio ?? NaN,
    swingRatio: unrest?.swingRatio ?? NaN,
    grownRatio: middleOf(candidate.course) / ownVa,
    strayRatio: stray ?? NaN,
    driftPctPerMin: drift?.pctPerMin ?? NaN,
    driftErrorPctPerMin: drift?.errorPctPerMin ?? NaN,
    courseLogOdds: evidence?.logOdds ?? NaN,
    isTail: (evidence?.constantCurrentShare ?? 1) < 0.5,
  };
}

/** The middle one of its minutes: a single one may hold another load's step. NaN before the first. */
function middleOf({ minutes }: LoadCourse): number {
  const sorted = minutes.map(({ value }) => value).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/** Jumps from second to second beyond the circuit's own before, and how fine they could be seen. */
function flickerOf(candidate: ChargingCandidate): Pick<ChargingFeatures, 'flickerRatio' | 'flickerErrorRatio'> {
  const { course, filter } = candidate;
  const ownVa = Math.max(1, stepSizeVa(candidate));
  const jumpVa = course.jumps > 0 ? Math.sqrt(course.squares / course.jumps) : NaN;
  // Mean absolute jump to rms of a normal variable.
  const roughVa = 1.25 * filter.roughnessVa;
  return {
    flickerRatio: Math.sqrt(Math.max(0, jumpVa ** 2 - roughVa ** 2)) / ownVa,
    flickerErrorRatio: (0.5 * roughVa) / ownVa,
  };
}

/** Judged anew when a bin was added. */
function judged(candidate: ChargingCandidate): Judged {
  const count = countedBins(candidate.course);
  if (candidate.judged?.bins !== count) {
    const measured = measuredCourse(candidate);
    const line = shiftedLine(measured.bins);
    const shifts = line?.shiftsAt ?? [];
    const evidence =
      courseEvidence({
        ...measured,
        shifts,
        isPower: candidate.channel === 'power',
        livelyShare: livelyShare(flickerOf(candidate)),
        // Motors fall as they warm, and fill nothing.
        smallBatteryShare: candidate.channel === 'power' ? 1 : smallBatteryShare(candidate.activePowerW),
      }) ?? null;
    candidate.judged = {
      bins: count,
      evidence,
      drift: line === undefined ? null : driftOf(line, measured),
      unrest: measuredUnrest(candidate) ?? null,
      stray: measuredStray(candidate) ?? null,
    };
  }
  return candidate.judged;
}

/**
 * How far a step down is from taking this candidate away, part of its distortion: it goes along the phasors it came along.
 * Another rectifier of its size differs in their angles. NaN without phasors.
 */
export function offMismatch(candidate: ChargingCandidate, step: CircuitStep, sizeRatio: number): number {
  if (!candidate.hasPhasors) return NaN;
  let squares = 0;
  let own = 0;
  // Higher ones follow the power in other ways: a tail would not be told from another load.
  candidate.harmonicsVa.slice(0, SHAPE_END - FIRST_HARMONIC).forEach((va, k) => {
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
    candidate.switched === undefined
      ? undefined
      : recognisedTerm(candidate.switched, candidate.channel, candidate.riseMs ?? NaN, candidate.activePowerW);
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
