import type { HalfCycleFeatures } from './half-cycle-features.ts';
import type { HalfCycleHistory } from './half-cycle-history.ts';
import { DIMMER_STEP, isOhmic } from './load-class.ts';
import { isCommutator, type LoadState } from './load-state.ts';

/** Half-cycles back to which the history is searched; even, for those of one polarity are two apart. */
export const REPETITION_REACH = 30;
/**
 * Times the load's own surprise that a repetition differs by, at most. That is told by the nearer of two forecasts, and over
 * one cycle: two half-cycles of a load farther apart differ by somewhat more.
 */
const MOST_OWN_SURPRISES = 2;
/** Part of the distance from the usual that a repetition may differ by, at most: from there on an arc's are erratic. */
const MOST_SHARE = 0.1;

/**
 * Whether the newest half-cycle is one of those before over again, point by point, though the one just before was another.
 * `unusual`: bit n - 1 tells that the half-cycle n before was unlike the state. A relay that clicks twice leaves the same
 * currents, and surprises with every coming and going; an arc strikes anew, at another instant and another voltage. In
 * front of a resistance an arc of many amperes may repeat itself; brushes and a triac hide whether anything does.
 */
export function repeatsEarlier(
  history: HalfCycleHistory,
  state: LoadState,
  seen: HalfCycleFeatures,
  unusual: number,
): boolean {
  if (isOhmic(state) || isCommutator(state) || state.stepRatio >= DIMMER_STEP) return false;
  const { points, samplesA } = history;
  const here = history.offset(0);
  const share = Math.min(MOST_OWN_SURPRISES * state.surprise, MOST_SHARE * seen.distance);
  const mostA = share * state.levelsA[history.side(0)] * points;
  for (let back = 2; back <= REPETITION_REACH; back += 2) {
    if (((unusual >>> (back - 1)) & 1) === 0) continue;
    const before = history.offset(back);
    let awayA = 0;
    for (let n = 0; n < points && awayA <= mostA; n++) {
      awayA += Math.abs((samplesA[here + n] as number) - (samplesA[before + n] as number));
    }
    if (awayA <= mostA) return true;
  }
  return false;
}
