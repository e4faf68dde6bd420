import type { HalfCycleHistory } from './half-cycle-history.ts';
import { DIMMER_STEP } from './load-class.ts';
import { EDGE_RATIO, type LoadState } from './load-state.ts';

/** Points on either side of a usual edge up to which it jitters: 0.6 ms, a slight turn of the dimmer and the filter included. */
const EDGE_REACH = 4;
/** Two half-cycles that scatter alike about a mean are this many times their scatter apart. */
const MOST_OWN_SCATTERS = Math.SQRT2;

/**
 * Whether what is new in the newest half-cycle is new at the edges of a triac's lamps only: elsewhere it is no farther from
 * the one before of its polarity, or from the line through two, than the load itself scatters. A triac never fires at quite
 * the same angle, which makes any steady change beside it look restless: a lamp that burned out or struck, a dimmer turned
 * a little. An arc is drawn anew wherever current flows, before the edge or after it.
 */
export function isFiringJitter(history: HalfCycleHistory, state: LoadState): boolean {
  if (state.stepRatio < DIMMER_STEP) return false;
  const { points, samplesA } = history;
  const from = history.side(0) * points;
  const here = history.offset(0);
  const first = history.offset(2);
  const second = history.offset(4);
  let fromLast = 0;
  let fromLine = 0;
  let scatter = 0;
  /** Points left within reach of an edge. An edge is seen when it comes into reach. */
  let near = 0;
  for (let n = 1 - EDGE_REACH; n < points; n++) {
    if (isEdge(state, from, n + EDGE_REACH, points)) near = 2 * EDGE_REACH;
    if (near-- > 0 || n < 0) continue;
    const value = samplesA[here + n] as number;
    const before = samplesA[first + n] as number;
    fromLast += Math.abs(value - before);
    fromLine += Math.abs(value - 2 * before + (samplesA[second + n] as number));
    scatter += state.spreadA[from + n] as number;
  }
  return Math.min(fromLast, fromLine) <= MOST_OWN_SCATTERS * scatter;
}

/** Whether there is an edge just before point `n` of the state's half-cycle of `points` from `from`. */
function isEdge({ meanA, peakA }: LoadState, from: number, n: number, points: number): boolean {
  if (n >= points) return false;
  return Math.abs((meanA[from + n] as number) - (meanA[from + n - 1] as number)) > EDGE_RATIO * peakA;
}
