import { fitDrop, type DropFit } from './voltage-drop-fit.ts';
import type { HalfCycleHistory } from './half-cycle-history.ts';

/**
 * What the circuit draws in one state of its loads: the mean half-cycle of either polarity, its scatter, and how the
 * quantities that an arc changes vary without one.
 */
export type LoadState = {
  /** Positive half-cycle, then negative one turned over; A at the points of the splitter. */
  readonly meanA: Float32Array;
  /** Mean absolute deviation per point. */
  readonly spreadA: Float32Array;
  /** Half-cycles learned from, per polarity. */
  readonly counts: [number, number];
  peakA: number;
  /** Mean |current| per polarity, A. */
  readonly levelsA: [number, number];
  /** Usual distance of a half-cycle from the mean, as part of the level. */
  distance: number;
  /** Usual distance from what the half-cycles before foretell, as part of the level. */
  surprise: number;
  /** Voltage drop of the fit without an arc: centre and mean absolute deviation, V. */
  dropV: number;
  dropSpreadV: number;
  /** Largest step between two points over the half-cycle's peak: centre and mean absolute deviation. */
  stepRatio: number;
  stepSpread: number;
  /** Longest run of points near zero in the mean, and the first point that carries current after it. */
  restPoints: number;
  startPoint: number;
  /** Scatter away from steep edges as part of the level: what a commutator makes, not the jitter of a triac. */
  noiseRatio: number;
  /** Whether the current's zero lies elsewhere than the voltage's. */
  isShifted: boolean;
  /** Number of the half-cycle at which it was last seen. */
  seenAt: number;
};

/** Share of the peak below which a point counts as at rest (electrical-fire.md 2.5: 6 %). */
export const REST_RATIO = 0.06;
/** Smallest peak that fits are scaled by, A: below, converter noise would be taken for a shape. */
export const LEAST_PEAK_A = 0.3;
/** Half-cycles that the mean remembers: 0.2 s, so that warming up, a trigger being moved and the mains' wander are followed. */
const MEMORY = 10;
/** The same for what is said of the scatter. */
const SCATTER_MEMORY = 64;
/** Smallest scatter of the drop believed, V. */
const LEAST_DROP_SPREAD_V = 0.4;
/** Steps of the mean above this part of the peak are edges: their jitter is not noise. */
export const EDGE_RATIO = 0.12;
/** Points of one sign against the voltage's from which on the current is shifted. */
const SHIFTED_POINTS = 4;

/** A commutator: scatter all over the half-cycle (not at edges) that is new in every one, and no edges. */
const COMMUTATOR_NOISE = 0.006;
const COMMUTATOR_STEP = 0.16;

/** Whether the load's own noise is too large to see whether a change moves or stands still. */
export function isCommutator(state: LoadState): boolean {
  const isNoisy = state.noiseRatio > COMMUTATOR_NOISE && state.surprise > COMMUTATOR_NOISE;
  return isNoisy && state.stepRatio < COMMUTATOR_STEP;
}

const fit: DropFit = { gainDrop: 0, shift: 0, drop: 0, explained: 0, distance: 0 };

function emptyState(points: number): LoadState {
  return {
    meanA: new Float32Array(2 * points),
    spreadA: new Float32Array(2 * points),
    counts: [0, 0],
    peakA: 0,
    levelsA: [0, 0],
    distance: 0,
    surprise: 0,
    dropV: 0,
    dropSpreadV: 0,
    stepRatio: 0,
    stepSpread: 0,
    restPoints: 0,
    startPoint: 0,
    noiseRatio: 0,
    isShifted: false,
    seenAt: 0,
  };
}

/** The state that the last `count` half-cycles are in; scatter is taken generously, few were seen. */
export function learnState(history: HalfCycleHistory, count: number, peakV: number, zeroPoint: number): LoadState {
  const { points, samplesA } = history;
  const state = emptyState(points);
  for (let back = count - 1; back >= 0; back--) {
    learnShape(state, history.side(back), samplesA, history.offset(back), count);
  }
  for (let n = 0; n < 2 * points; n++) state.spreadA[n] = 1.5 * (state.spreadA[n] as number);
  summariseState(state, zeroPoint);
  for (let n = 0; n < 2 * points; n++) state.spreadA[n] = Math.max(state.spreadA[n] as number, 0.002 * state.peakA);
  const level = Math.max(state.levelsA[0], state.levelsA[1], 0.05);
  // The fit is made for one type of array: mixed ones would make it slow for every half-cycle.
  const currentA = new Float64Array(points);
  for (let back = 0; back < count; back++) {
    currentA.set(samplesA.subarray(history.offset(back), history.offset(back) + points));
    fitState(state, history.side(back), currentA, fit);
    state.distance += (1.2 * fit.distance) / count;
    state.dropSpreadV += (1.5 * Math.abs(fit.drop) * peakV) / count;
    state.stepRatio += history.stepRatio(back) / count;
  }
  const foretold = Math.max(1, Math.min(count - 2, 8));
  for (let back = 0; back < foretold; back++) state.surprise += history.surpriseA(back) / level / foretold;
  for (let back = 0; back < count; back++) {
    state.stepSpread += Math.abs(history.stepRatio(back) - state.stepRatio) / count;
  }
  state.distance = Math.max(0.003, state.distance);
  state.dropSpreadV = Math.max(0.5, state.dropSpreadV);
  state.stepSpread = Math.max(0.015, state.stepSpread);
  state.seenAt = history.count();
  return state;
}

/** Fits a half-cycle (of `points`, turned over if negative) against the state; `zeroPoint` as in fitDrop. */
export function fitState(
  state: LoadState,
  side: 0 | 1,
  currentA: Float64Array,
  out: DropFit,
  zeroPoint?: number,
): void {
  const points = state.meanA.length / 2;
  const peak = Math.max(state.peakA, LEAST_PEAK_A);
  fitDrop(currentA, 0, state.meanA, state.spreadA, side * points, points, peak, zeroPoint, out);
}

/** What a half-cycle that belongs to the state teaches it. */
export function teachState(
  state: LoadState,
  history: HalfCycleHistory,
  seen: { readonly distance: number; readonly surprise: number; readonly dropV: number; readonly stepRatio: number },
): void {
  learnShape(state, history.side(0), history.samplesA, history.offset(0), MEMORY);
  const share = 1 / Math.min(SCATTER_MEMORY, Math.max(4, state.counts[0]));
  state.distance += share * (seen.distance - state.distance);
  state.surprise += share * (seen.surprise - state.surprise);
  state.dropV += 0.5 * share * (seen.dropV - state.dropV);
  const dropSpread = state.dropSpreadV + share * (Math.abs(seen.dropV - state.dropV) - state.dropSpreadV);
  state.dropSpreadV = Math.max(LEAST_DROP_SPREAD_V, dropSpread);
  state.stepRatio += share * (seen.stepRatio - state.stepRatio);
  const stepSpread = state.stepSpread + share * (Math.abs(seen.stepRatio - state.stepRatio) - state.stepSpread);
  state.stepSpread = Math.max(0.01, stepSpread);
}

/** Moves mean and scatter of one polarity towards a half-cycle. */
function learnShape(state: LoadState, side: 0 | 1, samplesA: Float32Array, from: number, memory: number): void {
  const points = state.meanA.length / 2;
  const offset = side * points;
  const count = ++state.counts[side];
  const share = 1 / Math.min(count, memory);
  for (let n = 0; n < points; n++) {
    const mean = state.meanA[offset + n] as number;
    const away = (samplesA[from + n] as number) - mean;
    state.meanA[offset + n] = mean + share * away;
    if (count > 1) {
      const spread = state.spreadA[offset + n] as number;
      state.spreadA[offset + n] = spread + share * (Math.abs(away) - spread);
    }
  }
}

/** Recomputes what follows from mean and scatter. `zeroPoint`: point of the voltage's zero. */
export function summariseState(state: LoadState, zeroPoint: number): void {
  const points = state.meanA.length / 2;
  let peak = 0;
  for (const side of [0, 1] as const) {
    let sum = 0;
    for (let n = 0; n < points; n++) {
      const size = Math.abs(state.meanA[side * points + n] as number);
      if (size > peak) peak = size;
      sum += size;
    }
    state.levelsA[side] = sum / points;
  }
  state.peakA = peak;
  summariseRest(state, points);
  summariseNoise(state, points);
  let against = 0;
  for (let n = 0; n < 2 * points; n++) {
    const value = state.meanA[n] as number;
    if (Math.abs(value) > REST_RATIO * peak && value > 0 !== n % points >= zeroPoint) against++;
  }
  state.isShifted = against >= SHIFTED_POINTS;
}

function summariseRest(state: LoadState, points: number): void {
  let run = 0;
  state.restPoints = 0;
  state.startPoint = 0;
  for (let n = 0; n <= points; n++) {
    const size = (Math.abs(state.meanA[n] ?? 0) + Math.abs(state.meanA[points + n] ?? 0)) / 2;
    if (n < points && size < REST_RATIO * state.peakA) run++;
    else {
      if (run > state.restPoints) {
        state.restPoints = run;
        state.startPoint = n === points ? 0 : n;
      }
      run = 0;
    }
  }
}

function summariseNoise(state: LoadState, points: number): void {
  let sum = 0;
  let count = 0;
  for (let n = 0; n < 2 * points; n++) {
    const value = state.meanA[n] as number;
    const before = n % points === 0 ? value : (state.meanA[n - 1] as number);
    const after = n % points === points - 1 ? value : (state.meanA[n + 1] as number);
    if (Math.max(Math.abs(value - before), Math.abs(after - value)) > EDGE_RATIO * state.peakA) continue;
    sum += state.spreadA[n] as number;
    count++;
  }
  const level = (state.levelsA[0] + state.levelsA[1]) / 2;
  state.noiseRatio = count > 0 && level > 0 ? sum / count / level : 0;
}
