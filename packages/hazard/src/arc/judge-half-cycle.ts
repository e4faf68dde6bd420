import type { ArcReason } from './arc-reason.ts';
import { findRestrike, type HalfCycleFeatures } from './half-cycle-features.ts';
import { isCommutator, type LoadState } from './load-state.ts';

/** What the half-cycles just before tell about the one that is judged. */
export type ArcContext = {
  /** Whether the newest run of half-cycles unlike the state began at once, not by drifting away from it. */
  isAbrupt: boolean;
  /** Half-cycles in a row in which the distance from the state grew: something is being turned. */
  growing: number;
  /** The same in which it shrank: a transient dies away. */
  shrinking: number;
  /** Whether within that run the rest grew by 3 points and more from one half-cycle to the next. */
  hasRestJump: boolean;
  /** Whether the half-cycle before arced, and how far the newest arcing one was from the state. */
  wasArcing: boolean;
  arcDistance: number;
  /** Half-cycles since the last of each; Infinity at first. */
  sinceForced: number;
  sinceLate: number;
  sinceMissing: number;
};

/** Voltage drops of an arc, V: below, contacts and diodes; above, something else. */
const LEAST_DROP_V = 4;
const MOST_DROP_V = 80;
/** Usual deviations of the drop from which on it counts: by itself, and with a clear loss of current and a good fit. */
const CLEAR_DEVIATIONS = 6;
const LIKELY_DEVIATIONS = 3;
/** Least loss of current: an arc adds a resistance, whatever the load. */
const LEAST_LOSS = 0.015;
/** An arc is not farther from the usual in every half-cycle than in the one before, four times in a row. */
export const DRIFT_COUNT = 4;
/** Nor nearer, three times in a row. */
const DECAY_COUNT = 3;
/** Part of an arcing half-cycle's distance below which the next one is its remainder. */
const REMAINDER = 0.35;
/** Rest in points of the mean above which a load is a rectifier or a late dimmer. */
const RECTIFIER_REST = 20;
const LATE_DIMMER_REST = 36;
/** Rest in points that a sine with a constant taken away does not have: it passes 6 % of its peak within three. */
const EXACT_REST = 4;
/** Rest of a load that conducts all the half-cycle, points. */
const MOST_SMOOTH_REST = 6;
/** Step over peak from which on a triac fires. */
const DIMMER_STEP = 0.3;
/** Largest usual step over peak of a rectifier's smooth pulse; a triac's is above. */
const SMOOTH_STEP = 0.45;
/** Largest level over the usual at which a step is a re-ignition. */
const MOST_RESTRIKE_LEVEL = 1.5;
/** Whether a change came within one half-cycle: most of it was not foretold, and it is no noise of the load's own. */
export function beginsAtOnce(seen: HalfCycleFeatures, state: LoadState): boolean {
  if (seen.surprise < 0.5 * seen.distance) return false;
  return seen.surprise >= 2.5 * state.surprise || (seen.dropV >= 12 && restsOrStrikes(seen, state, 3));
}

/** Whether the fit is a series voltage drop and nothing else: this survives although the next half-cycle is the same. */
export function isPureDrop(seen: HalfCycleFeatures, state: LoadState): boolean {
  if (state.restPoints > LATE_DIMMER_REST) return isEarlyEnd(seen, state);
  const loss = 1 - seen.levelRatio;
  const shift = Math.abs(seen.shift);
  if (seen.dropV < 12 || seen.dropV > 55 || seen.explained < 0.85) return false;
  const isInSeries = seen.gainDrop > -0.12 && seen.gainDrop < 0.08 && shift < 0.06 && loss <= 0.22;
  return isInSeries && (seen.startDelayPoints >= 1 || seen.restPoints >= state.restPoints + 2);
}

/** The same, so exactly that a change as steady as a load hardly explains it otherwise: it is not learned for a load. */
export function isExactDrop(seen: HalfCycleFeatures, state: LoadState): boolean {
  const loss = 1 - seen.levelRatio;
  if (state.restPoints > LATE_DIMMER_REST) return isEarlyEnd(seen, state) && loss >= 0.15;
  return (
    seen.dropV >= 12 &&
    seen.dropV <= 45 &&
    seen.explained >= 0.955 &&
    Math.abs(seen.gainDrop) < 0.085 &&
    Math.abs(seen.shift) < 0.03 &&
    // Current that is missing before a dimmer fires was another load's.
    (state.stepRatio < DIMMER_STEP || seen.startDelayPoints <= 2) &&
    loss > 0.03 &&
    loss <= (state.restPoints > RECTIFIER_REST ? 0.35 : 0.2)
  );
}

/**
 * Whether an exact drop rests at the zero as an arc does. A load whose current has the same size at every voltage takes a
 * constant away too when it is switched off, but leaves no rest; the own rest of a dimmer or a supply hides the difference.
 */
export function restsAsArc(seen: HalfCycleFeatures, state: LoadState): boolean {
  const isSmooth = state.stepRatio < DIMMER_STEP && state.restPoints <= MOST_SMOOTH_REST;
  return isSmooth && seen.restPoints >= Math.max(EXACT_REST, state.restPoints + 2);
}

/**
 * A late dimmer's pulse under an arc begins as ever, is lower by a constant and ends earlier, because little voltage is
 * left; turned down, it begins later; with half its lamps it is smaller from the first point to the last, a mere gain.
 */
function isEarlyEnd(seen: HalfCycleFeatures, state: LoadState): boolean {
  const loss = 1 - seen.levelRatio;
  const restGrowth = seen.restPoints - state.restPoints;
  const isLowered = seen.dropV >= 10 && seen.dropDeviations >= 3 && seen.explained >= 0.9 && seen.shift < 0.03;
  const isShortened = restGrowth >= 2 && seen.explained >= 0.6 && seen.dropV - 100 * seen.shift >= 9;
  return (
    state.restPoints > LATE_DIMMER_REST &&
    seen.startDelayPoints <= Math.max(1, restGrowth / 3) &&
    loss >= Math.max(0.1, 3 * state.distance) &&
    loss < 0.85 &&
    (isLowered || isShortened)
  );
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
  if (context.wasArcing && seen.distance < REMAINDER * context.arcDistance) return otherwise;
  if (context.growing >= DRIFT_COUNT || context.shrinking >= DECAY_COUNT) return otherwise;
  if (state.restPoints >= RECTIFIER_REST && state.stepRatio < SMOOTH_STEP) {
    return judgeRectifier(seen, state, context) ?? otherwise;
  }
  if (isEarlyEnd(seen, state) && (context.isAbrupt || beginsAtOnce(seen, state))) return 'drop';
  const drop = judgeDrop(seen, state, context);
  if (drop !== undefined && drop !== 'steady') return drop;
  return judgeRestrike(seen, state, side, currentA, context) ?? drop ?? otherwise;
}

function judgeDrop(seen: HalfCycleFeatures, state: LoadState, context: ArcContext): ArcReason | undefined {
  const loss = 1 - seen.levelRatio;
  const moves =
    seen.surprise >= Math.max(2.4 * state.surprise, 0.02 * seen.distance) &&
    seen.distance > Math.max(5 * state.surprise, 3 * state.distance);
  const begins = beginsAtOnce(seen, state);
  const isNoisy = isCommutator(state);
  if (isSeriesDrop(seen, state, context, loss)) {
    if (isNoisy && (isDropOfMotor(seen, state, loss) || reignites(seen, state, loss))) return 'drop';
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
    Math.abs(seen.shift) < 0.3;
  const isRestless = moves && seen.surprise >= 0.08 * seen.distance;
  return isNotch && !isNoisy && context.isAbrupt && context.hasRestJump && isRestless ? 'notch' : undefined;
}

function isSeriesDrop(seen: HalfCycleFeatures, state: LoadState, context: ArcContext, loss: number): boolean {
  const isLateDimmer = state.restPoints > LATE_DIMMER_REST;
  const isClear =
    seen.dropDeviations >= CLEAR_DEVIATIONS ||
    (seen.dropDeviations >= LIKELY_DEVIATIONS && loss >= 2.5 * state.distance && seen.explained >= 0.75);
  // The first and last half-cycle of a burst arc for a part only and fit less well.
  const isExplained = seen.explained >= 0.6 || (context.wasArcing && seen.explained > 0.4);
  const isShapely =
    seen.explained >= 0.85 ? Math.abs(seen.shift) < 0.35 : Math.abs(seen.shift) < 0.1 && seen.gainDrop > -0.1;
  return (
    isClear &&
    isExplained &&
    isShapely &&
    (seen.gainDrop > -0.06 || restsOrStrikes(seen, state, 2)) &&
    seen.dropV >= LEAST_DROP_V &&
    seen.dropV < MOST_DROP_V &&
    loss >= LEAST_LOSS &&
    loss < (isLateDimmer ? 0.6 : 0.33) &&
    Math.abs(seen.gainDrop) < (isLateDimmer ? 0.5 : 0.2)
  );
}

/** Whether the current stays away longer around its zero, or comes back with a step: where it is not lower, this must show. */
function restsOrStrikes(seen: HalfCycleFeatures, state: LoadState, points: number): boolean {
  const rests = seen.restPoints >= state.restPoints + points && seen.startDelayPoints <= 20;
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
  const isLate = startDelayPoints >= 2 && startDelayPoints <= 20 && levelRatio >= 0.7 && levelRatio < 2.5;
  if (isLate && surprise > 0.05) return 'late';
  const makesUp = context.sinceLate <= 2 || context.sinceMissing <= 2;
  if (levelRatio >= 1.35 && levelRatio < 4 && makesUp && context.isAbrupt && surprise > 0.06) return 'surge';
  // Only beside late and surging ones: a half-wave rectifier or a load switched off misses half-cycles too.
  return levelRatio < 0.3 && context.sinceForced <= 3 ? 'missing' : undefined;
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
  if (isLess || seen.levelRatio > MOST_RESTRIKE_LEVEL) return undefined;
  const usual = Math.max(state.stepRatio + 0.1, 1.5 * state.stepRatio, state.stepRatio + 6 * state.stepSpread);
  if (state.stepRatio < SMOOTH_STEP && seen.stepRatio > usual) {
    const { isOutward, missingRatio } = findRestrike(state, side, currentA);
    if (isOutward && missingRatio > 0.03) return 'restrike';
  }
  const isMissing = context.sinceForced <= 3 && seen.levelRatio < 0.95 && Math.abs(seen.dropV) > 8;
  return isMissing ? 'missing' : undefined;
}
