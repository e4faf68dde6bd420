import type { LevelRun, LevelRuns } from './level-runs.ts';
import { spanOf } from './pulse-axis.ts';
import type { PulseAxis } from './pulse-axis.ts';

/** What the switched load adds along the axis on which the background pulses. */
export type BackgroundShift = {
  readonly shiftA: number;
  /** Standard error, A. */
  readonly errorA: number;
  /** How much the background has to do by chance for this to be so: 0 for none, about in nats. */
  readonly cost: number;
};

/** A third level of the background; one seen for two cycles only may be none. */
const NEW_LEVEL = 3;
const NEW_SHORT_LEVEL = 1.5;
/** Levels that a pulsing load may have for nothing. */
const FREE_LEVELS = 2;
/** Cycles on a level that occurs on one side only, all of them. */
const UNMATCHED = 1;
/** The background jumps in the very moment of the switching. */
const JUMP = 2.5;
/** It goes somewhere and back within the cycles at the switching. */
const EXCURSION = 5;
/** A ramp that goes on through the switching leaves its straight way. */
const BENT_RAMP = 3.5;
/** Both sides together span more than the one that spans more: the background would have other extremes by now. */
const WIDER = 3;
/** Part of the range by which they are certainly wider. */
const CLEARLY_WIDER = 0.25;
/** From this many cycles between two levels on, it is a ramp; an edge takes fewer. */
const RAMP_CYCLES = 3;
/** A level is known to no better than this part of the range. */
const LEVEL_RATIO = 0.002;

/**
 * The shifts under which what remains of both sides can be one background, cheapest first.
 *
 * The load shifts every level of the background by one and the same current, so each level before may be each level
 * after. Taken back, the right shift leaves few levels, a background that goes on through the switching, and cycles
 * between two levels only where an edge leads from one to the other.
 */
export function backgroundShifts(axis: PulseAxis, runs: LevelRuns, eventIndex: number): BackgroundShift[] {
  const found: BackgroundShift[] = [];
  const costOf = costs(axis, runs, eventIndex);
  for (const { shiftA, errorA } of candidates(axis, runs, eventIndex)) {
    const cost = costOf(shiftA);
    const same = found.findIndex((other) => Math.abs(other.shiftA - shiftA) < runs.toleranceA / 2);
    const other = found[same];
    if (other === undefined) found.push({ shiftA, errorA, cost });
    else if (cost < other.cost || (cost === other.cost && errorA < other.errorA))
      found[same] = { shiftA, errorA, cost };
  }
  return found.sort((a, b) => a.cost - b.cost || a.errorA - b.errorA).map((shift) => refined(shift, runs, axis.rangeA));
}

type Candidate = { readonly shiftA: number; readonly errorA: number };

/** Every level before with every one after; next to the switching also single cycles and the way a ramp goes on. */
function candidates(axis: PulseAxis, runs: LevelRuns, eventIndex: number): Candidate[] {
  const hasGapBefore = runs.before.at(-1)?.to !== eventIndex;
  const hasGapAfter = runs.after[0]?.from !== eventIndex;
  const before = hasGapBefore ? [...runs.before, singleCycle(axis, runs, eventIndex - 1)] : runs.before;
  const after = hasGapAfter ? [...runs.after, singleCycle(axis, runs, eventIndex)] : runs.after;
  const errorOf = ({ noiseA, from, to }: LevelRun): number => noiseA / Math.sqrt(to - from);
  const all = before.flatMap((old) =>
    after.map((fresh) => ({ shiftA: fresh.levelA - old.levelA, errorA: Math.hypot(errorOf(old), errorOf(fresh)) })),
  );
  return hasGapBefore && hasGapAfter ? [...all, straightOn(axis, runs, eventIndex)] : all;
}

/** One cycle knows its level worse than its noise says: it may have been cut. */
function singleCycle({ along }: PulseAxis, { noiseAt }: LevelRuns, cycle: number): LevelRun {
  return { from: cycle, to: cycle + 1, levelA: along[cycle] as number, noiseA: 1.5 * noiseAt(cycle) };
}

/** The step at the switching beyond the mean of the steps next to it. */
function straightOn({ along }: PulseAxis, { noiseAt }: LevelRuns, eventIndex: number): Candidate {
  const stepAt = (cycle: number): number =>
    cycle > 0 && cycle < along.length ? (along[cycle] as number) - (along[cycle - 1] as number) : 0;
  const [earlier, later] = [stepAt(eventIndex - 1), stepAt(eventIndex + 1)];
  return {
    shiftA: stepAt(eventIndex) - (earlier + later) / 2,
    errorA: Math.hypot(
      noiseAt(eventIndex),
      noiseAt(eventIndex - 1),
      0.3 * (earlier - later),
      0.1 * (Math.abs(earlier) + Math.abs(later)),
    ),
  };
}

function costs(axis: PulseAxis, runs: LevelRuns, eventIndex: number): (shiftA: number) => number {
  const { along } = axis;
  const { toleranceA } = runs;
  const last = runs.before.at(-1);
  const first = runs.after[0];
  const gapStart = last?.to ?? 0;
  const gapEnd = first?.from ?? along.length;
  const straight = straightOn(axis, runs, eventIndex);

  return (shiftA) => {
    const backgroundA = (cycle: number): number => (along[cycle] as number) - (cycle < eventIndex ? 0 : shiftA);
    let cost = levelCost(runs, shiftA, along.length);
    if (last !== undefined && first !== undefined) {
      const [from, to] = [last.levelA, first.levelA - shiftA];
      const moves = Math.abs(to - from) > toleranceA;
      const [low, high] = [Math.min(from, to) - toleranceA, Math.max(from, to) + toleranceA];
      let isOutside = false;
      for (let cycle = gapStart; cycle < gapEnd; cycle++) {
        if (backgroundA(cycle) < low || backgroundA(cycle) > high) isOutside = true;
      }
      if (isOutside) {
        // Ramps lead where they lead; whether one goes on through the switching is asked below.
        if (gapEnd - gapStart < RAMP_CYCLES) cost += EXCURSION;
      } else if (moves) {
        // An edge leaves cycles between its two levels; without one the jump and the switching fell together.
        let hasEdge = false;
        for (let cycle = gapStart; cycle < gapEnd; cycle++) {
          if (Math.abs(backgroundA(cycle) - (cycle < eventIndex ? from : to)) > 0.7 * toleranceA) hasEdge = true;
        }
        if (!hasEdge) cost += JUMP;
      }
    }
    if (last === undefined || first === undefined || gapEnd - gapStart >= RAMP_CYCLES) {
      const away = (shiftA - straight.shiftA) / Math.max(2 * straight.errorA, toleranceA / 2);
      cost += BENT_RAMP * (1 - Math.exp(-(away ** 2) / 2));
    }
    const width = spanOf(along.map((_, cycle) => backgroundA(cycle)));
    const wider = Math.max(0, width - axis.rangeA - toleranceA);
    cost += WIDER * Math.min(1, wider / (CLEARLY_WIDER * axis.rangeA));
    return cost;
  };
}

/** One level of the background once the load is taken away. */
type SharedLevel = { readonly before: LevelRun[]; readonly after: LevelRun[] };

function sharedLevels(runs: LevelRuns, shiftA: number): SharedLevel[] {
  const all = [
    ...runs.before.map((run) => ({ run, levelA: run.levelA, isBefore: true })),
    ...runs.after.map((run) => ({ run, levelA: run.levelA - shiftA, isBefore: false })),
  ].sort((a, b) => a.levelA - b.levelA);
  const shared: SharedLevel[] = [];
  let newest = -Infinity;
  for (const { run, levelA, isBefore } of all) {
    if (levelA - newest > runs.toleranceA) shared.push({ before: [], after: [] });
    const level = shared.at(-1);
    (isBefore ? level?.before : level?.after)?.push(run);
    newest = levelA;
  }
  return shared;
}

function levelCost(runs: LevelRuns, shiftA: number, cycleCount: number): number {
  const shared = sharedLevels(runs, shiftA);
  const lengths = shared.map(({ before, after }) => lengthOf(before) + lengthOf(after)).sort((a, b) => b - a);
  let cost = 0;
  for (const length of lengths.slice(FREE_LEVELS)) cost += length <= 2 ? NEW_SHORT_LEVEL : NEW_LEVEL;
  let matched = 0;
  for (const { before, after } of shared) {
    if (before.length > 0 && after.length > 0) matched += lengthOf(before) + lengthOf(after);
  }
  return cost + UNMATCHED * (1 - matched / cycleCount);
}

/** The shift as all matched levels together tell it, each by its own accuracy. */
function refined(shift: BackgroundShift, runs: LevelRuns, rangeA: number): BackgroundShift {
  let weights = 0;
  let sum = 0;
  for (const { before, after } of sharedLevels(runs, shift.shiftA)) {
    if (before.length === 0 || after.length === 0) continue;
    const noiseA = Math.max(...[...before, ...after].map((run) => run.noiseA));
    const variance = noiseA ** 2 * (1 / lengthOf(before) + 1 / lengthOf(after)) + (LEVEL_RATIO * rangeA) ** 2;
    weights += 1 / variance;
    sum += (meanLevel(after) - meanLevel(before)) / variance;
  }
  if (weights === 0) return shift;
  return { ...shift, shiftA: sum / weights, errorA: 1 / Math.sqrt(weights) };
}

function lengthOf(runs: readonly LevelRun[]): number {
  return runs.reduce((sum, { from, to }) => sum + to - from, 0);
}

function meanLevel(runs: readonly LevelRun[]): number {
  return runs.reduce((sum, { from, to, levelA }) => sum + (to - from) * levelA, 0) / lengthOf(runs);
}
