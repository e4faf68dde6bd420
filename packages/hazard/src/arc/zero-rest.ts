import type { HalfCycleFeatures } from './half-cycle-features.ts';
import { isMixed, isOhmic, isSmooth } from './load-class.ts';
import type { LoadState } from './load-state.ts';

/** Rest in points that a sine with a constant taken away does not have: it passes 6 % of its peak within three. */
const EXACT_REST = 4;
/** Usual deviations of the drop from which on it counts by itself. */
const CLEAR_DEVIATIONS = 6;
/** Largest voltage drop that the fit makes of a late arc, V. */
const MOST_SHOULDER_V = 80;
/** Part of the current whose loss, where it explains nearly everything, is that of a load that was switched off. */
const SWITCHED_GAIN = 0.25;
const SWITCHED_FIT = 0.95;

/**
 * Whether an exact drop rests at the zero as an arc does. A load whose current has the same size at every voltage takes a
 * constant away too when it is switched off, but leaves no rest; the own rest of a dimmer or a supply hides the difference.
 */
export function restsAsArc(seen: HalfCycleFeatures, state: LoadState): boolean {
  return isSmooth(state) && seen.restPoints >= Math.max(EXACT_REST, state.restPoints + 2);
}

/**
 * The current of ohmic loads stays away after its zero, comes back late and makes up for nothing. In 120 ms an arc of 63 A
 * has twelve half-cycles, several of them like the one before: that they do not repeat is asked of all together
 * (series-arc.ts).
 */
export function isShoulder(seen: HalfCycleFeatures, state: LoadState): boolean {
  const loss = 1 - seen.levelRatio;
  return (
    isOhmic(state) &&
    restsAsArc(seen, state) &&
    seen.startDelayPoints >= 2 &&
    seen.startDelayPoints <= 24 &&
    seen.dropV >= 8 &&
    seen.dropV < MOST_SHOULDER_V &&
    seen.dropDeviations >= CLEAR_DEVIATIONS &&
    seen.shift > -0.05 &&
    !(seen.gainDrop > SWITCHED_GAIN && seen.explained > SWITCHED_FIT) &&
    seen.distance > Math.max(5 * state.surprise, 3 * state.distance) &&
    loss >= 0.004 &&
    loss < 0.5
  );
}

/**
 * A shoulder beside supplies: their pulses change with the voltage that is left and hide the drop, but around the zero of
 * the voltage they draw nothing. There the other loads' current stays away, by more or less in every half-cycle.
 */
export function isMixedShoulder(seen: HalfCycleFeatures, state: LoadState): boolean {
  return (
    isMixed(state) &&
    seen.restPoints >= state.restPoints + 3 &&
    seen.startDelayPoints >= 2 &&
    seen.startDelayPoints <= 16 &&
    seen.shift > 0.03 &&
    seen.shift < 0.3 &&
    seen.explained >= 0.6 &&
    seen.levelRatio > 0.6 &&
    seen.levelRatio < 1.35 &&
    seen.distance > Math.max(0.08, 8 * state.distance) &&
    seen.surprise >= Math.max(2.4 * state.surprise, 0.08 * seen.distance)
  );
}

/**
 * The end of an arc in the half-cycle before: the current goes out before its zero, where little voltage is left for an
 * arc, and comes back at its time. A half-cycle begins an eighth before the zero.
 */
export function isTail(seen: HalfCycleFeatures, state: LoadState): boolean {
  return (
    isOhmic(state) &&
    seen.startDelayPoints <= 1 &&
    seen.restPoints > state.restPoints &&
    seen.dropV >= 6 &&
    seen.dropDeviations >= CLEAR_DEVIATIONS &&
    seen.shift < 0 &&
    seen.gainDrop < 0 &&
    seen.levelRatio > 0.95 &&
    seen.levelRatio < 1
  );
}
