import { isOhmic } from './load-class.ts';
import type { LoadState } from './load-state.ts';

/** Part of the state's peak that must be missing, 12 V of 311 V, and up to which nothing is. */
const LEAST_MISSING = 0.04;
const MOST_BEFORE = 0.012;
/** Points in which the contacts part: the width of the anti-alias filter. */
const PARTING_POINTS = 3;
/** Least points under the arc: over fewer, a constant is not told from a share of the current. 1.25 ms at 50 Hz. */
const LEAST_POINTS = 8;
/** The arc's voltage as part of the voltage's peak (12 … 68 V), and the share of the current missing beside it. */
const LEAST_DROP = 0.04;
const MOST_DROP = 0.22;
const MOST_SHARE = 0.06;
/** What the two leave unexplained, at most, as part of what is missing. */
const MOST_UNEXPLAINED = 0.2;

/** What is missing at point `n` of the current that the state foretells there, as part of its peak. */
function missingAt(state: LoadState, side: 0 | 1, currentA: Float64Array, n: number): number {
  return ((state.meanA[side * currentA.length + n] as number) - (currentA[n] as number)) / state.peakA;
}

/**
 * Whether contacts in front of a resistance parted within this half-cycle: the current is the usual one up to a point,
 * and from there to the end a constant is missing, the arc's voltage (Ayrton, Cassie: electrical-fire.md 2.4). Of a load
 * switched off in the half-cycle a share of the current is missing, which falls towards the zero as the current does.
 */
export function isPartDrop(state: LoadState, side: 0 | 1, currentA: Float64Array): boolean {
  if (!isOhmic(state)) return false;
  const points = currentA.length;
  let from = points;
  while (from > 0 && missingAt(state, side, currentA, from - 1) >= LEAST_MISSING) from--;
  const partsAt = from - PARTING_POINTS;
  if (points - from < LEAST_POINTS || partsAt < 1) return false;
  let before = 0;
  for (let n = 0; n < partsAt; n++) before += Math.abs(missingAt(state, side, currentA, n));
  return before <= MOST_BEFORE * partsAt && isConstantFrom(from, state, side, currentA);
}

/** Whether what is missing from point `from` on is a constant, and next to no share of the current. */
function isConstantFrom(from: number, state: LoadState, side: 0 | 1, currentA: Float64Array): boolean {
  const points = currentA.length;
  const offset = side * points;
  const count = points - from;
  let sumMean = 0;
  let sumMissing = 0;
  let squares = 0;
  let products = 0;
  for (let n = from; n < points; n++) {
    const mean = (state.meanA[offset + n] as number) / state.peakA;
    const missing = missingAt(state, side, currentA, n);
    sumMean += mean;
    sumMissing += missing;
    squares += mean * mean;
    products += mean * missing;
  }
  const share = (products - (sumMean * sumMissing) / count) / Math.max(1e-9, squares - sumMean ** 2 / count);
  const drop = (sumMissing - share * sumMean) / count;
  if (!(drop >= LEAST_DROP && drop <= MOST_DROP && share <= MOST_SHARE)) return false;
  let unexplained = 0;
  for (let n = from; n < points; n++) {
    const mean = (state.meanA[offset + n] as number) / state.peakA;
    unexplained += Math.abs(missingAt(state, side, currentA, n) - drop - share * mean);
  }
  return unexplained <= MOST_UNEXPLAINED * sumMissing;
}

/** Part of the current before the voltage's zero that an arc in the half-cycle before takes away. */
const LEAST_LEAD_LOSS = 0.12;

/**
 * Whether the arc of this half-cycle burned already in the one before, so late that little of it was seen there: a
 * half-cycle begins an eighth before the voltage's zero, and the current is too small up to the zero too.
 */
export function beganBefore(state: LoadState, side: 0 | 1, currentA: Float64Array, zeroPoint: number): boolean {
  if (!isOhmic(state)) return false;
  const offset = side * currentA.length;
  let usual = 0;
  let missing = 0;
  // The last points before the zero hold what the filter smears of the rest after it.
  for (let n = 0; n < zeroPoint - PARTING_POINTS + 1; n++) {
    const mean = state.meanA[offset + n] as number;
    usual += Math.abs(mean);
    missing += (mean - (currentA[n] as number)) * Math.sign(mean);
  }
  return missing >= LEAST_LEAD_LOSS * usual;
}
