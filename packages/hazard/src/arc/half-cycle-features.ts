import type { HalfCycleHistory } from './half-cycle-history.ts';
import { fitState, REST_RATIO, type LoadState } from './load-state.ts';
import { type DropFit } from './voltage-drop-fit.ts';

/** One half-cycle of current beside the state of the loads it is compared with. Ratios are parts of that state's level. */
export type HalfCycleFeatures = {
  /** Mean |current|, A, and over the state's. */
  levelA: number;
  levelRatio: number;
  /** Sum |mean - current| over sum |mean|. */
  distance: number;
  /** Distance from what the half-cycles before foretell. */
  surprise: number;
  /** Voltage lost in series with the current's sign, above what is usual, V; its number of usual deviations. */
  dropV: number;
  dropDeviations: number;
  /** The other two terms of the fit, and how much of the difference all three explain. */
  gainDrop: number;
  shift: number;
  explained: number;
  /** Whether the sign of the voltage explains more than that of the current: an arc beside a load with a shifted current. */
  isVoltageSigned: boolean;
  /** Longest run of points at rest (below 6 % of the state's peak). */
  restPoints: number;
  /** By how many points the current begins later after its rest than usual. */
  startDelayPoints: number;
  /** Largest step between two points over the half-cycle's peak. */
  stepRatio: number;
};

export const emptyFeatures = (): HalfCycleFeatures => ({
  levelA: 0,
  levelRatio: 0,
  distance: 0,
  surprise: 0,
  dropV: 0,
  dropDeviations: 0,
  gainDrop: 0,
  shift: 0,
  explained: 0,
  isVoltageSigned: false,
  restPoints: 0,
  startDelayPoints: 0,
  stepRatio: 0,
});

/** Smallest level that ratios refer to, A. */
const LEAST_LEVEL_A = 0.05;
/** A fit by the current's sign at least this good, and this many deviations, is not questioned. */
const GOOD_FIT = 0.6;
const CLEAR_DEVIATIONS = 6;

const fit: DropFit = { gainDrop: 0, shift: 0, drop: 0, explained: 0, distance: 0 };

/** Measures the newest half-cycle against `state`; `out` is overwritten. */
export function measureHalfCycle(
  history: HalfCycleHistory,
  state: LoadState,
  currentA: Float64Array,
  peakV: number,
  zeroPoint: number,
  out: HalfCycleFeatures,
): void {
  const side = history.side(0);
  const level = Math.max(state.levelsA[side], 1e-6);
  out.levelA = history.levelA(0);
  out.levelRatio = out.levelA / level;
  out.surprise = history.surpriseA(0) / Math.max(level, LEAST_LEVEL_A);
  out.stepRatio = history.stepRatio(0);
  fitState(state, side, currentA, fit);
  out.distance = fit.distance;
  takeFit(state, peakV, out);
  out.isVoltageSigned = false;
  if (state.isShifted && !(out.dropDeviations >= CLEAR_DEVIATIONS && out.explained > GOOD_FIT)) {
    fitState(state, side, currentA, fit, zeroPoint);
    if (fit.explained > out.explained) {
      takeFit(state, peakV, out);
      out.isVoltageSigned = true;
    }
  }
  measureRest(state, currentA, out);
}

function takeFit(state: LoadState, peakV: number, out: HalfCycleFeatures): void {
  out.dropV = fit.drop * peakV - state.dropV;
  out.dropDeviations = out.dropV / state.dropSpreadV;
  out.gainDrop = fit.gainDrop;
  out.shift = fit.shift;
  out.explained = fit.explained;
}

function measureRest(state: LoadState, currentA: Float64Array, out: HalfCycleFeatures): void {
  const limit = REST_RATIO * state.peakA;
  const points = currentA.length;
  let longest = 0;
  let start = 0;
  let run = 0;
  for (let n = 0; n < points; n++) {
    if (Math.abs(currentA[n] as number) < limit) run++;
    else {
      if (run > longest) {
        longest = run;
        start = n;
      }
      run = 0;
    }
  }
  if (run > longest) {
    longest = run;
    start = points;
  }
  out.restPoints = longest;
  out.startDelayPoints = start - state.startPoint;
}

/** Where the current steps away from zero most abruptly beyond what is usual, and what was missing before. */
export type Restrike = {
  /** Whether the largest unusual step leads away from zero. */
  isOutward: boolean;
  /** Current missing before it, as part of the half-cycle's usual sum. */
  missingRatio: number;
};

/** Looks for the re-ignition of an arc in a half-cycle of a load with other loads beside it. */
export function findRestrike(state: LoadState, side: 0 | 1, currentA: Float64Array): Restrike {
  const points = currentA.length;
  const offset = side * points;
  let step = 0;
  let at = 0;
  for (let n = 1; n < points; n++) {
    const usual = Math.abs((state.meanA[offset + n] as number) - (state.meanA[offset + n - 1] as number));
    const move = Math.abs((currentA[n] as number) - (currentA[n - 1] as number)) - usual;
    if (move > step) {
      step = move;
      at = n;
    }
  }
  let missing = 0;
  for (let n = 0; n < at - 1; n++) {
    const mean = state.meanA[offset + n] as number;
    missing += Math.max(0, (mean - (currentA[n] as number)) * Math.sign(mean));
  }
  return {
    isOutward: at > 0 && Math.abs(currentA[at] as number) > Math.abs(currentA[at - 1] as number),
    missingRatio: missing / (points * Math.max(state.levelsA[side], 1e-6)),
  };
}
