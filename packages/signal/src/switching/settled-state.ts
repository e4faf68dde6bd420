import { FEATURE_COUNT } from './cycle-features.ts';
import type { CycleRing } from './cycle-ring.ts';
import { distance, meanFeatures } from './edges.ts';

/** Of this module: the compiler reads an imported constant anew at each turn of a loop. */
const FEATURES = FEATURE_COUNT;

/** From which cycle on the new state stands still, and whether it does. */
export type SettledState = { readonly from: number; readonly isSteady: boolean };

/** Cycles whose mean is the new state as it is now. */
const TAIL_CYCLES = 6;
/** A load may pulse by this part of its step and still be a state … */
const SETTLED_SPREAD = 0.05;
/** … but between the older and the newer part it must have stopped moving: inrush decays one way. */
const SETTLED_DRIFT = 0.01;
/** Fewer cycles than this are no state. */
const LEAST_CYCLES = 4;

/**
 * Looks backwards from the newest cycle (`end` - 1): the state reaches back to the first cycle from which on all stay
 * within 3 spreads or 5 % of the step. `old`: features of the state before; `noiseA`: distance that consecutive cycles
 * have without any change.
 */
export function findSettled(
  ring: CycleRing,
  start: number,
  end: number,
  old: Float64Array,
  noiseA: number,
): SettledState {
  const tailStart = Math.max(start, end - TAIL_CYCLES);
  const tail = meanFeatures(ring, tailStart, end);
  const step = distance(tail, old);
  const offset = (cycle: number): number => {
    const at = ring.featuresAt(cycle);
    let squares = 0;
    for (let k = 0; k < FEATURES; k++) squares += ((ring.features[at + k] as number) - (tail[k] as number)) ** 2;
    return Math.sqrt(squares);
  };
  let squares = 0;
  for (let cycle = tailStart; cycle < end; cycle++) squares += offset(cycle) ** 2;
  const spread = Math.max(noiseA, Math.sqrt(squares / (end - tailStart)));
  const band = Math.max(3 * spread, SETTLED_SPREAD * step);
  let from = tailStart;
  while (from > start && offset(from - 1) <= band) from--;
  if (end - from < LEAST_CYCLES) return { from, isSteady: false };
  const olderFrom = Math.max(from, tailStart - TAIL_CYCLES);
  const middle = tailStart - olderFrom >= 2 ? tailStart : (from + end) >> 1;
  const drift = distance(meanFeatures(ring, middle, end), meanFeatures(ring, olderFrom, middle));
  return { from, isSteady: drift <= Math.max(spread, SETTLED_DRIFT * step) };
}
