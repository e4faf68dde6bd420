import type { HalfCycleFeatures } from './half-cycle-features.ts';
import { DIMMER_STEP, LATE_DIMMER_REST, MOST_SMOOTH_REST, RECTIFIER_REST } from './load-class.ts';
import type { LoadState } from './load-state.ts';

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
 * A late dimmer's pulse under an arc begins as ever, is lower by a constant and ends earlier, because little voltage is
 * left; turned down, it begins later; with half its lamps it is smaller from the first point to the last, a mere gain.
 */
export function isEarlyEnd(seen: HalfCycleFeatures, state: LoadState): boolean {
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

/** Gain beside an exact drop up to which nothing but the drop is missing. */
const MOST_EXACT_GAIN = 0.04;

/**
 * Whether nothing but the drop is missing, so that an exact one counts however still it stands. An arc's voltage falls as
 * its current rises (Ayrton, electrical-fire.md 2.4); what is missing at the peak too was another load's.
 */
export function isNothingButDrop(seen: HalfCycleFeatures): boolean {
  return seen.gainDrop <= MOST_EXACT_GAIN;
}

/** Usual deviations of the drop, to the other side, from which on a half-cycle gives a voltage. */
const GIVING_DEVIATIONS = 6;

/**
 * Whether a half-cycle unlike the state has clearly more voltage than usual in the current's direction. An arc only takes
 * voltage away (electrical-fire.md 2.4); lamps that start move the current to and fro. Supplies, which rest, make up for what they missed.
 */
export function givesVoltage(seen: HalfCycleFeatures, state: LoadState): boolean {
  // Lamps that a triac misses leave the other loads' shape, which fits a voltage given, but less current.
  if (state.stepRatio >= DIMMER_STEP && seen.levelRatio < 1) return false;
  return state.restPoints <= MOST_SMOOTH_REST && seen.dropDeviations <= -GIVING_DEVIATIONS;
}
