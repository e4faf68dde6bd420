import type { BackgroundShift } from './background-shift.ts';
import type { LevelRuns } from './level-runs.ts';
import type { PulseAxis } from './pulse-axis.ts';

/** The cycles that a difference is learned from. */
export type ChosenCycles = {
  /** 1 or 0 per cycle. */
  readonly chosen: Uint8Array;
  readonly hasRamps: boolean;
};

/** Cycles between levels that make a ramp: fewer are an edge, which cuts a cycle into two. */
const RAMP_CYCLES = 3;

/**
 * The cycles on levels and on ramps, and those next to the switching that stand on the neighbouring level once the load
 * is taken away; all of a side that has none of these.
 */
export function chosenCycles(
  { along }: PulseAxis,
  { before, after, toleranceA }: LevelRuns,
  { shiftA }: BackgroundShift,
  eventIndex: number,
): ChosenCycles {
  const chosen = new Uint8Array(along.length);
  let hasRamps = false;
  let end = 0;
  const fillRamp = (to: number): void => {
    if (to - end < RAMP_CYCLES) return;
    chosen.fill(1, end, to);
    hasRamps = true;
  };
  for (const run of [...before, ...after]) {
    fillRamp(run.from);
    chosen.fill(1, run.from, run.to);
    end = run.to;
  }
  fillRamp(along.length);
  const last = before.at(-1);
  const first = after[0];
  if (last !== undefined && first !== undefined) {
    for (let cycle = last.to; cycle < first.from; cycle++) {
      const backgroundA = (along[cycle] as number) - (cycle < eventIndex ? 0 : shiftA);
      const nearest = Math.min(Math.abs(backgroundA - last.levelA), Math.abs(backgroundA - first.levelA + shiftA));
      if (nearest < toleranceA / 2) chosen[cycle] = 1;
    }
  }
  fillEmptySide(chosen.subarray(0, eventIndex));
  fillEmptySide(chosen.subarray(eventIndex));
  return { chosen, hasRamps };
}

function fillEmptySide(side: Uint8Array): void {
  if (!side.includes(1)) side.fill(1);
}
