import { createKnownPulses } from './known-pulses.ts';
import type { Move } from './known-pulses.ts';
import { createMixedSteps } from './mixed-steps.ts';
import type { PartedStep } from './mixed-steps.ts';
import type { RecentSeconds } from './recent-seconds.ts';
import { differenceOf } from './step-power.ts';
import { DIMENSIONS } from './step-watch.ts';
import type { CircuitStep } from './step-watch.ts';

/** What the steps of a circuit moved, one after the other. */
export type CircuitMoves = {
  /** Takes a step: its old level is written anew where an earlier step fell into it. `parted` = a step before it was two. */
  readonly take: (step: CircuitStep, hasPhasors: boolean) => { readonly move: Move; readonly parted?: PartedStep };
  /** That step repeated none; `candidateId` = what it opened. */
  readonly note: (step: CircuitStep, binsBefore: readonly Float64Array[], candidateId: string | null) => void;
  readonly reset: () => void;
};

/** Seconds at the end of a settled step that are its level beside the newest, and those an old level is usually taken from. */
const LEVEL_S = 2;
const BEFORE_WINDOW_S = 10;
/** The newest second before a step may hold a part of it. */
const MIXED_MS = 1500;

export function createCircuitMoves(recent: RecentSeconds): CircuitMoves {
  const pulses = createKnownPulses();
  const mixed = createMixedSteps();
  let settledAt = -Infinity;

  /** The level since the newest step: the watched dimension may not have shown that one. */
  const levelBefore = ({ startedAt, endedAt, isSettled, before }: CircuitStep): void => {
    const newestAt = settledAt;
    settledAt = isSettled ? endedAt : -Infinity;
    const knownS = Math.floor((startedAt - newestAt) / 1000) + LEVEL_S;
    if (!(newestAt < startedAt) || knownS < 2 || knownS >= BEFORE_WINDOW_S) return;
    const seconds = recent.before(startedAt - MIXED_MS).slice(-knownS);
    if (seconds.length < 2) return;
    before.fill(0);
    for (const x of seconds) {
      for (let k = 0; k < DIMENSIONS; k++) before[k] = (before[k] as number) + (x[k] as number) / seconds.length;
    }
  };

  return {
    take(step, hasPhasors) {
      levelBefore(step);
      const difference = differenceOf(step);
      // Magnitudes do not add up: without phasors no step repeats another.
      const move = hasPhasors ? pulses.take(step.endedAt, difference) : { by: difference, isPulse: false };
      mixed.shift(move.by);
      const parted = move.hidden === undefined ? undefined : mixed.part(move.hidden.since, move.hidden.by);
      return parted === undefined ? { move } : { move, parted };
    },
    note: (step, binsBefore, candidateId) => mixed.add(step, binsBefore, candidateId),
    reset() {
      pulses.reset();
      mixed.reset();
      settledAt = -Infinity;
    },
  };
}
