import type { HalfCycleFeatures } from './half-cycle-features.ts';
import { DIMMER_STEP } from './load-class.ts';
import type { LoadState } from './load-state.ts';

/** Least loss of a half-cycle that a triac's lamps miss in part; what is left if they miss it whole is other loads'. */
const LEAST_LOSS = 0.02;
const LEAST_LEFT = 0.1;
/** Part of its distance by which it is also unlike the two of its polarity before it, and times what the loads do. */
const UNEVEN_SHARE = 0.3;
const UNEVEN_RATIO = 5;
/** Part of the usual edge up to which it is smaller. */
const MOST_EDGE = 0.92;

/**
 * Whether a half-cycle lacks some of what a triac's lamps draw, beginning with their edge, and not what the ones before
 * lacked. A triac fires in every half-cycle; behind an open contact it does so late, weakly or, where the gap withstands the
 * voltage, not at all. A dimmer that is turned changes steadily, lamps are switched once, and a load that pulses beside them
 * leaves the edge as it was.
 */
export function isMisfire(seen: HalfCycleFeatures, state: LoadState, side: 0 | 1, currentA: Float64Array): boolean {
  return (
    state.stepRatio >= DIMMER_STEP &&
    seen.levelRatio <= 1 - LEAST_LOSS &&
    seen.levelRatio >= LEAST_LEFT &&
    seen.distance > 8 * state.distance &&
    seen.surprise >= Math.max(UNEVEN_SHARE * seen.distance, UNEVEN_RATIO * state.surprise) &&
    edgeOver(state, side, currentA) <= MOST_EDGE
  );
}

/** The half-cycle's edge where the state's is steepest, as part of the state's. */
function edgeOver(state: LoadState, side: 0 | 1, currentA: Float64Array): number {
  const points = currentA.length;
  const from = side * points;
  let at = 4;
  let steepest = 0;
  for (let n = 4; n + 3 < points; n++) {
    const step = Math.abs((state.meanA[from + n] as number) - (state.meanA[from + n - 1] as number));
    if (step > steepest) {
      steepest = step;
      at = n;
    }
  }
  const usual = edgeAt(state.meanA, from + at);
  return usual === 0 ? 1 : edgeAt(currentA, at) / usual;
}

/** The rise over three steps between points, less that of the steps on either side. */
function edgeAt(samplesA: Float32Array | Float64Array, at: number): number {
  const value = (n: number): number => samplesA[at + n] as number;
  const slope = (value(-2) - value(-4) + value(3) - value(1)) / 4;
  return value(1) - value(-2) - 3 * slope;
}
