import type { ArcReason } from './arc-reason.ts';
import { findRestrike, type HalfCycleFeatures } from './half-cycle-features.ts';
import { isEarlyEnd, isExactDrop, isPureDrop } from './drop-shape.ts';
import {
  DIMMER_STEP,
  isOhmic,
  isRectifier,
  isSmooth,
  LATE_DIMMER_REST,
  MOST_SMOOTH_REST,
  SMOOTH_STEP,
} from './load-class.ts';
import { isCommutator, type LoadState } from './load-state.ts';
import { isMisfire } from './misfire.ts';
import { makesUp, type MissedPulses } from './missed-pulse.ts';
import { isPartDrop } from './part-drop.ts';
import { isMixedShoulder, isShoulder, isTail } from './zero-rest.ts';

/** What the half-cycles just before tell about the one that is judged. */
export type ArcContext = {
  /** Whether the newest run of half-cycles unlike the state began at once, not by drifting away from it. */
  isAbrupt: boolean;
  /** Whether its distance grows or shrinks half-cycle by half-cycle: something is being turned, a transient dies away. */
  isGrowing: boolean;
  isShrinking: boolean;
  /** Whether within that run the rest grew by 3 points and more from one half-cycle to the next. */
  hasRestJump: boolean;
  /** Whether that run came by drifting away from the state, whatever it is now. */
  hasDrifted: boolean;
  /** Whether the supply's voltage is clearly below what it has been: what the loads draw then says nothing of an arc. */
  isDip: boolean;
  /** Whether the half-cycle before arced, and how far the newest arcing one was from the state. */
  wasArcing: boolean;
  arcDistance: number;
  /** Half-cycles since the last of each; Infinity at first. */
  sinceForced: number;
  sinceLate: number;
  sinceMissing: number;
  readonly missed: MissedPulses;
};

/** Voltage drops of an arc, V: below, contacts and diodes; above, something else. */
const LEAST_DROP_V = 4;
const MOST_DROP_V = 80;
/** Usual deviations of the drop from which on it counts: by itself, and with a clear loss of current and a good fit. */
const CLEAR_DEVIATIONS = 6;
const LIKELY_DEVIATIONS = 3;
/** Least loss of current: an arc adds a resistance, whatever the load. */
const LEAST_LOSS = 0.015;
/** Part of an arcing half-cycle's distance below which the next one is its remainder. */
const REMAINDER = 0.35;
/** Step over peak from which on the loads step themselves: lamps with ballasts, triacs. */
const STEPPING = 0.2;
/** Largest level over the usual at which a step is a re-ignition. */
const MOST_RESTRIKE_LEVEL = 1.5;
/** The same where no supply makes up for anything. */
const MOST_SMOOTH_LEVEL = 1.1;
/**
 * Largest level over the usual of a supply that makes up for pulses it missed. Larger ones draw through contacts that touch
 * again too, after three or four missed pulses, and rise there as the voltage does; behind an arc they begin where it strikes.
 */
const MOST_SURGE = 4;
const MOST_STRUCK_SURGE = 6;
/** Step over peak above the usual with which a surge begins behind an arc. */
const STRIKE_STEP = 0.02;
/** Part of the current whose loss beside a notch says that a load was switched. */
const MOST_NOTCH_GAIN = 0.2;

/** Change of gain and shift from which on an ohmic load was switched. */
const MOST_OHMIC_CHANGE = 0.1;

/** Whether a change came within one half-cycle: most of it was not foretold, and it is no noise of the load's own. */
export function beginsAtOnce(seen: HalfCycleFeatures, state: LoadState): boolean {
  if (seen.surprise < 0.5 * seen.distance) return false;
  return seen.surprise >= 2.5 * state.surprise || (seen.dropV >= 12 && restsOrStrikes(seen, state, 3));
}

/** Whether so little is unusual after an arcing half-cycle that it is what the splitting leaves of that one. */
export function isRemainder(seen: HalfCycleFeatures, context: ArcContext): boolean {
  return context.wasArcing && seen.distance < REMAINDER * context.arcDistance;
}

/**
 * Judges one half-cycle that no known state of the loads explains, or that fits the active one closely. Load-aware: a
 * rectifier rests by nature and shows an arc by late and missing pulses; every other load by a voltage drop in series,
 * which moves from half-cycle to half-cycle and begins at once; a dimmer being turned, a motor that runs up, a load that
 * is switched off do the one or the other, not both.
 */
export function judgeHalfCycle(
  seen: HalfCycleFeatures,
  state: LoadState,
  side: 0 | 1,
  currentA: Float64Array,
  context: ArcContext,
  isMatched: boolean,
): ArcReason {
  const otherwise = isMatched ? 'usual' : 'changed';
  // A half-cycle begins an eighth before the voltage's zero: what is left of the arc before, which goes out there, must
  // not be counted twice.
  if (isRemainder(seen, context) && !(isOhmic(state) && seen.startDelayPoints >= 2)) return otherwise;
  if (context.wasArcing && isTail(seen, state)) return otherwise;
  if (context.isDip) return otherwise;
  if (!isMatched && makesUp(seen, state, context.missed)) return 'surge';
  const begins = beginsAtOnce(seen, state);
  const isAbrupt = context.isAbrupt || begins;
  const isUneven = !isMatched && isAbrupt && isMisfire(seen, state, side, currentA);
  if (context.isGrowing) return isUneven && begins ? 'missing' : otherwise;
  if (isAbrupt && !isMatched && isPartDrop(state, side, currentA)) return 'drop';
  if (isAbrupt && isShoulder(seen, state)) return 'notch';
  if (context.isShrinking) return otherwise;
  if (isRectifier(state)) return judgeRectifier(seen, state, context) ?? otherwise;
  if (isAbrupt && isEarlyEnd(seen, state)) return 'drop';
  const drop = judgeDrop(seen, state, context);
  if (isAbrupt && isMixedShoulder(seen, state)) return 'notch';
  if (drop !== undefined && drop !== 'steady') return drop;
  const restrike = judgeRestrike(seen, state, side, currentA, context);
  if (restrike !== undefined) return restrike;
  return isUneven ? 'missing' : (drop ?? otherwise);
}

function judgeDrop(seen: HalfCycleFeatures, state: LoadState, context: ArcContext): ArcReason | undefined {
  const loss = 1 - seen.levelRatio;
  const moves =
    seen.surprise >= Math.max(2.4 * state.surprise, 0.02 * seen.distance) &&
    seen.distance > Math.max(5 * state.surprise, 3 * state.distance);
  const begins = beginsAtOnce(seen, state);
  const isNoisy = isCommutator(state);
  if (isSeriesDrop(seen, state, context, loss)) {
    // A trigger that is let go slowly ends as such a drop too.
    if (isNoisy && !context.hasDrifted && (isDropOfMotor(seen, state, loss) || reignites(seen, state, loss)))
      return 'drop';
    const isAbrupt = context.isAbrupt || begins;
    return isAbrupt && (moves || begins || isPureDrop(seen, state) || isExactDrop(seen, state)) ? 'drop' : 'steady';
  }
  // At 30 A and more an arc loses so little of the voltage that only its rest after the zero is left to see. A dimmer
  // that is turned up from full rests in the same place, but grows there point by point.
  const isNotch =
    seen.restPoints >= state.restPoints + 3 &&
    seen.startDelayPoints >= 2 &&
    loss >= LEAST_LOSS &&
    loss < 0.4 &&
    seen.dropV > LEAST_DROP_V &&
    seen.gainDrop < MOST_NOTCH_GAIN &&
    Math.abs(seen.shift) < 0.3;
  const isRestless = moves && seen.surprise >= 0.08 * seen.distance;
  return isNotch && !isNoisy && context.isAbrupt && context.hasRestJump && isRestless ? 'notch' : undefined;
}

function isSeriesDrop(seen: HalfCycleFeatures, state: LoadState, context: ArcContext, loss: number): boolean {
  const isSteep = state.restPoints > LATE_DIMMER_REST || isAgainstVoltage(seen, state);
  const isClear =
    seen.dropDeviations >= CLEAR_DEVIATIONS ||
    (seen.dropDeviations >= LIKELY_DEVIATIONS && loss >= 2.5 * state.distance && seen.explained >= 0.75);
  // No arc brings the current back sooner: a capacitor or a lamp does that came on beside the load.
  const comesEarly = seen.startDelayPoints <= -2 && seen.restPoints < state.restPoints + 2 && !isCommutator(state);
  // The first and last half-cycle of a burst arc for a part only and fit less well.
  const isExplained = seen.explained >= 0.6 || (context.wasArcing && seen.explained > 0.4);
  const isShapely =
    seen.explained >= 0.85 ? Math.abs(seen.shift) < 0.35 : Math.abs(seen.shift) < 0.1 && seen.gainDrop > -0.1;
  // In front of a plain resistance an arc takes a voltage away and nothing else; switching takes a part of everything.
  const isSwitched = isOhmic(state) && (seen.gainDrop > MOST_OHMIC_CHANGE || Math.abs(seen.shift) > MOST_OHMIC_CHANGE);
  return (
    isClear &&
    !comesEarly &&
    !isSwitched &&
    isExplained &&
    isShapely &&
    (seen.gainDrop > -0.06 || restsOrStrikes(seen, state, 2)) &&
    seen.dropV >= LEAST_DROP_V &&
    seen.dropV < MOST_DROP_V &&
    loss >= LEAST_LOSS &&
    loss < (isSteep ? 0.6 : 0.33) &&
    Math.abs(seen.gainDrop) < (isSteep ? 0.5 : 0.2)
  );
}

/**
 * Whether a load that draws only above a voltage of its own, as a microwave oven does, lost a clear drop: what is left above
 * that voltage is little, so that the drop takes a large part of the current, and in proportion too.
 */
function isAgainstVoltage(seen: HalfCycleFeatures, state: LoadState): boolean {
  const rests = state.restPoints > MOST_SMOOTH_REST && state.stepRatio < DIMMER_STEP;
  return rests && seen.explained >= 0.95 && seen.dropV >= 12 && seen.gainDrop > 0;
}

/** Whether the current stays away longer around its zero, or comes back with a step: where it is not lower, this must show. */
function restsOrStrikes(seen: HalfCycleFeatures, state: LoadState, points: number): boolean {
  // Where the loads step themselves, lamps that join the others lengthen the rest, but at its end: an arc comes back late.
  const comesLate =
    seen.startDelayPoints <= 20 && (state.stepRatio < STEPPING || !state.isShifted || seen.startDelayPoints >= 1);
  const rests = seen.restPoints >= state.restPoints + points && comesLate;
  return rests || seen.stepRatio >= state.stepRatio + 0.03;
}

/**
 * Behind a commutator's noise it cannot be seen whether a small drop moves; a clear one counts by its shape: less current
 * that leads a little, and the noise goes on. A load switched off beside the motor takes much current and little that
 * looks like a drop; a trigger let go makes the current lag.
 */
function isDropOfMotor(seen: HalfCycleFeatures, state: LoadState, loss: number): boolean {
  return (
    seen.dropV >= Math.max(12, 60 * seen.gainDrop) &&
    seen.surprise >= 0.4 * state.surprise &&
    seen.gainDrop > -0.05 &&
    seen.gainDrop < 0.18 &&
    seen.shift > -0.15 &&
    seen.shift < -0.005 &&
    loss >= 0.045 &&
    loss < 0.26
  );
}

/**
 * The current of a load beside a motor that stays away after its zero and comes back with a step: switching takes a
 * current away, but does neither of the two to what remains.
 */
function reignites(seen: HalfCycleFeatures, state: LoadState, loss: number): boolean {
  return (
    seen.dropV >= 8 &&
    seen.explained >= 0.65 &&
    loss >= 0.03 &&
    loss < 0.26 &&
    seen.startDelayPoints >= 2 &&
    seen.startDelayPoints <= 12 &&
    seen.stepRatio >= state.stepRatio + Math.max(0.03, 3 * state.stepSpread)
  );
}

function judgeRectifier(seen: HalfCycleFeatures, state: LoadState, context: ArcContext): ArcReason | undefined {
  if (seen.distance <= Math.max(0.2, 8 * state.distance)) return undefined;
  const { levelRatio, startDelayPoints, surprise } = seen;
  const isLate = startDelayPoints >= 2 && startDelayPoints <= 20 && levelRatio >= 0.4 && levelRatio < 2.5;
  if (isLate && surprise > 0.05) return 'late';
  const makesUp = context.sinceLate <= 3 || context.sinceMissing <= 3;
  const strikes = seen.stepRatio >= state.stepRatio + STRIKE_STEP;
  const isSurge = levelRatio >= 1.35 && levelRatio < (strikes ? MOST_STRUCK_SURGE : MOST_SURGE);
  if (isSurge && makesUp && context.isAbrupt && surprise > 0.06) return 'surge';
  // A half-cycle without a pulse is one without an arc: it does not count.
  return undefined;
}

function judgeRestrike(
  seen: HalfCycleFeatures,
  state: LoadState,
  side: 0 | 1,
  currentA: Float64Array,
  context: ArcContext,
): ArcReason | undefined {
  if (seen.distance <= Math.max(0.08, 8 * state.distance)) return undefined;
  if (seen.surprise <= Math.max(0.08, 0.25 * seen.distance)) return undefined;
  // A load that was switched off or pulses takes its share of every point.
  const isLess = seen.levelRatio < 0.55 || (seen.explained > 0.95 && seen.gainDrop > 0.15);
  // An arc takes current away, and a supply makes up for what it missed; more than that is another load, not known yet.
  if (isLess || seen.levelRatio > (isSmooth(state) ? MOST_SMOOTH_LEVEL : MOST_RESTRIKE_LEVEL)) return undefined;
  const usual = Math.max(state.stepRatio + 0.1, 1.5 * state.stepRatio, state.stepRatio + 6 * state.stepSpread);
  if (state.stepRatio < SMOOTH_STEP && seen.stepRatio > usual) {
    const { isOutward, missingRatio } = findRestrike(state, side, currentA);
    if (isOutward && missingRatio > 0.03) return 'restrike';
  }
  const isMissing = context.sinceForced <= 3 && seen.levelRatio < 0.95 && Math.abs(seen.dropV) > 8;
  return isMissing ? 'missing' : undefined;
}
