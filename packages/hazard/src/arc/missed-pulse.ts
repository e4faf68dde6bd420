import type { HalfCycleFeatures } from './half-cycle-features.ts';
import { isOhmic, isRectifier } from './load-class.ts';
import { isCommutator, type LoadState } from './load-state.ts';

/** The run of half-cycles just before that lacked current although the supply was there. */
export type MissedPulses = {
  /** How many in a row; 0 when the one before was none. */
  count: number;
  /** Largest part of the level that was missing in one of them. */
  lack: number;
  /** Half-cycles since the last one; Infinity at first. */
  since: number;
};

/** Part of the usual voltage from which on the supply is there: a bridge conducts less by much when it is lower by little. */
const PRESENT_VOLTAGE = 0.99;
/** Least part of the level that is missing: of pulses, and beside loads that conduct all the half-cycle. */
const RECTIFIER_LACK = 0.25;
const LEAST_LACK = 0.1;
/** Missed in a row up to which the supply lives on its capacitor; after more it starts anew, with an inrush. */
const MOST_MISSED = 8;
/** Least part of all that was missing that comes back in one half-cycle; most, with a half-cycle's own. */
const LEAST_RETURN = 0.5;
export const MOST_RETURN = 3;
/**
 * Gain above which a half-cycle must begin with a step, over the peak and above the usual: through contacts that touch again
 * the current rises as the voltage does, behind an arc where that strikes.
 */
const STRUCK_GAIN = 3;
const STRIKE_STEP = 0.02;

/**
 * Whether a half-cycle lacks what the loads draw by a capacitor, at full voltage. A bridge in front of a capacitor conducts
 * in every half-cycle, whatever the load behind it; without a dip it misses one only where the line is open. `voltageRatio`:
 * the half-cycle's voltage over the usual.
 */
export function missesPulse(seen: HalfCycleFeatures, state: LoadState, voltageRatio: number): boolean {
  if (voltageRatio < PRESENT_VOLTAGE || isOhmic(state) || isCommutator(state)) return false;
  return 1 - seen.levelRatio >= (isRectifier(state) ? RECTIFIER_LACK : Math.max(LEAST_LACK, 10 * state.distance));
}

/**
 * Whether a half-cycle makes up for those that were missed just before: the load behind went on, and its capacitor is
 * charged with what it lacks. A load that is switched or pulses comes back as it was, or after a long pause with an inrush.
 */
export function makesUp(seen: HalfCycleFeatures, state: LoadState, missed: MissedPulses): boolean {
  if (missed.count === 0 || missed.count > MOST_MISSED) return false;
  const gain = seen.levelRatio - 1;
  return (
    gain >= LEAST_RETURN * missed.count * missed.lack &&
    gain <= MOST_RETURN * missed.lack * (missed.count + 1) &&
    (gain < STRUCK_GAIN || seen.stepRatio >= state.stepRatio + STRIKE_STEP) &&
    seen.surprise > 0.06
  );
}
