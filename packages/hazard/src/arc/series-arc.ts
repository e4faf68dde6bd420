import type { ArcCounter } from './arc-counter.ts';
import { isAddedLoad, type ChargeBalance } from './charge-balance.ts';
import type { DropRecord } from './drop-record.ts';
import type { HalfCycleFeatures } from './half-cycle-features.ts';
import { isOhmic } from './load-class.ts';
import { isCommutator, type LoadState } from './load-state.ts';
import type { RepeatRecord } from './repeat-record.ts';
import { isSwitchedLoad } from './switched-load.ts';
import type { WindowCount } from './window-count.ts';

/** Arcing half-cycles in 1 s at which a series arc is told, and at which it is confirmed. */
export const SERIES_STAGES = {
  /** Several in a second are no switch: a contact bounces once. */
  event: 5,
  /** Near the number at which a detector must stay silent (GB 14287.4: 9 in 1 s). */
  repeated: 8,
  /**
   * One above the 9 in 1 s that must not alarm, well below the 14 that must (GB 14287.4-2014): some of a burst may hide
   * behind the load.
   */
  confirmed: 10,
} as const;

/**
 * From 16 A on IEC 62606 Table 1 leaves 150 ms and less, 120 ms at 32 A: no time to wait until most are erratic.
 * Slightly below 16 A, for the load warms up.
 */
const FAST = { fromA: 13, count: 10, windowS: 0.15, erratic: 4 } as const;
/** The same in 1 s: nearly all of few half-cycles must be erratic, or most of several. */
const SLOW = [
  { count: SERIES_STAGES.confirmed, erratic: 9 },
  { count: 12, erratic: 9 },
] as const;
/** And this part of all: a steady load that jitters gathers erratic half-cycles too, slowly. */
const LEAST_ERRATIC_SHARE = 0.5;
/**
 * Lamps with ballasts that start one after the other change the current in steps, each with half-cycles like an arc's. Up
 * to 5 A Table 1 leaves 1 s: beside a shifted current the 14 half-cycles are waited for, which lamps do not reach.
 */
const PATIENT = { belowA: 4.5, count: 14, erratic: 11 } as const;
/** Part of the distance from the usual that a half-cycle does not share with those before it. */
const ERRATIC_SHARE = 0.1;
/** A smaller part is enough when it is this many times what the load itself does. */
const RESTLESS_SHARE = 0.04;
const RESTLESS_RATIO = 5;
/** Below this many times what the load itself does, none of it is an arc's. */
const OWN_RATIO = 1.5;
/** Part of a resistance's current whose loss beside the drop says that a load was switched: beside other loads, and alone. */
const MOST_SIGNED_GAIN = 0.1;
const MOST_OHMIC_GAIN = 0.2;

/** An arc is drawn anew in every half-cycle; a load that was switched repeats itself. */
export function isErratic(seen: HalfCycleFeatures, state: LoadState): boolean {
  // In front of a resistance an arc takes a voltage away and nothing else. A load that comes and goes takes its part of the
  // current and surprises with every coming. A drop by the voltage's sign is a resistance's, beside a load that lags.
  if (seen.isVoltageSigned && seen.gainDrop > MOST_SIGNED_GAIN) return false;
  if (isOhmic(state) && seen.gainDrop > MOST_OHMIC_GAIN) return false;
  // What surprises no more than the load itself does is the load's; behind a commutator's noise that cannot be told.
  if (!isCommutator(state) && seen.surprise < OWN_RATIO * state.surprise) return false;
  if (seen.surprise >= ERRATIC_SHARE * seen.distance) return true;
  return seen.surprise >= RESTLESS_SHARE * seen.distance && seen.surprise >= RESTLESS_RATIO * state.surprise;
}

/** Rms current of a state, A, as of a sine: exact for the loads that draw much, too small for pulses. */
function currentOf(state: LoadState | undefined): number {
  return state === undefined ? 0 : ((state.levelsA[0] + state.levelsA[1]) / 2) * (Math.PI / (2 * Math.SQRT2));
}

function isPatient(state: LoadState | undefined): boolean {
  return state?.isShifted === true && currentOf(state) < PATIENT.belowA;
}

/** The least number of half-cycles in 1 s that confirms an arc beside these loads. */
export function confirmingCount(state: LoadState | undefined): number {
  return isPatient(state) ? PATIENT.count : SERIES_STAGES.confirmed;
}

/** What was counted and noted of the half-cycles of the last second. */
export type ArcRun = {
  /** Arcing half-cycles, and which of them are erratic. */
  readonly counter: ArcCounter;
  /** Those of givesVoltage. */
  readonly giving: WindowCount;
  readonly drops: DropRecord;
  readonly repeated: RepeatRecord;
  readonly charge: ChargeBalance;
};

/** Whether the half-cycles counted confirm a series arc beside loads in `state`. */
export function isSeriesArc(run: ArcRun, mainsHz: number, state: LoadState | undefined): boolean {
  if (isSwitchedLoad(state, run.drops) || isAddedLoad(state, run.charge)) return false;
  if (!hasConfirmingCount(run, mainsHz, state)) return false;
  // A relay that clicks leaves the same half-cycles each time. In front of a resistance its load is told by its gain, and
  // an arc of many amperes may repeat itself.
  return (state !== undefined && isOhmic(state)) || !run.repeated.repeats();
}

function hasConfirmingCount({ counter, giving }: ArcRun, mainsHz: number, state: LoadState | undefined): boolean {
  const currentA = currentOf(state);
  const second = 2 * mainsHz;
  const all = counter.countOf(second);
  // An arc only takes voltage away: where as many half-cycles give one, neither are an arc's.
  if (giving.count() >= all) return false;
  const erratic = counter.erraticOf(second);
  if (isPatient(state)) return all >= PATIENT.count && erratic >= PATIENT.erratic;
  const isMoving = erratic >= LEAST_ERRATIC_SHARE * all;
  if (isMoving && SLOW.some((least) => all >= least.count && erratic >= least.erratic)) return true;
  if (currentA < FAST.fromA) return false;
  const fast = Math.round(FAST.windowS * second);
  return counter.countOf(fast) >= FAST.count && counter.erraticOf(fast) >= FAST.erratic;
}
