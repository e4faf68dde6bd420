import { FEATURE_COUNT } from './cycle-features.ts';
import type { CycleRing } from './cycle-ring.ts';
import type { Motion } from './motion.ts';

/** Of this module: the compiler reads an imported constant anew at each turn of a loop. */
const FEATURES = FEATURE_COUNT;

/** A run of moving cycles between two steadier stretches. */
export type Edge = {
  /** First cycle that left the level before. */
  readonly start: number;
  /** First cycle of the level after; equal to `start` when the change fell between two cycles. */
  readonly end: number;
  /** Level after minus level before, in features. */
  readonly step: Float64Array;
  readonly before: Float64Array;
  readonly after: Float64Array;
  /** Whether all cycles that decide about it were there. */
  readonly isComplete: boolean;
  /** Whether another edge takes it back: part of a pulse. */
  isReturning: boolean;
};

/** Cycles averaged on each side of an edge. */
const SIDE_CYCLES = 3;
/** Cycles on each side whose distances tell the noise there. */
const QUIET_CYCLES = 6;
/** A step is one when it is larger than this multiple of that noise. */
const STEP_RATIO = 3.5;
/** Two edges cancel when the sum of their steps is below this part of the larger one. */
const CANCEL_RATIO = 0.13;
/** The level came back when what remains is below this part of the step. */
const RETURN_RATIO = 0.12;
/** What is taken back within so many cycles, 0.8 s at 50 Hz, was a pulse. */
export const PULSE_CYCLES = 40;
/** Cycles on a level that make it a level the current was on. */
const LEAST_VISITS = 2;
/** Cycles that a ring may hold. */
const MOST_CYCLES = 64;

/** Shared by all circuits: filled and read within one call. A cycle that moves ends at most two runs. */
const runStarts = new Int32Array(2 * MOST_CYCLES);
const runEnds = new Int32Array(2 * MOST_CYCLES);
const before = new Float64Array(FEATURES);
const after = new Float64Array(FEATURES);
const step = new Float64Array(FEATURES);
const quiet = new Float64Array(QUIET_CYCLES);

/**
 * Finds the edges of the cycles held, oldest first. `earlier`: what was found last time; an edge whose surroundings were
 * complete then is kept as it is.
 */
export function findEdges(ring: CycleRing, motion: Motion, earlier: readonly Edge[]): Edge[] {
  const edges: Edge[] = [];
  const oldest = ring.oldest();
  const newest = ring.newest();
  const runCount = findRuns(ring, motion);
  for (let index = 0; index < runCount; index++) {
    const start = runStarts[index] as number;
    const end = runEnds[index] as number;
    const same = earlierOf(earlier, start, end);
    if (same?.isComplete === true) {
      edges.push(same);
      continue;
    }
    const from = Math.max(start - SIDE_CYCLES, index > 0 ? (runEnds[index - 1] as number) : oldest);
    const to = Math.min(end + SIDE_CYCLES, index + 1 < runCount ? (runStarts[index + 1] as number) : newest + 1);
    writeMean(ring, from, start, before);
    writeMean(ring, end, to, after);
    for (let k = 0; k < FEATURES; k++) step[k] = (after[k] as number) - (before[k] as number);
    const noise = Math.max(quietAround(motion, oldest, start, -1), quietAround(motion, newest, end, 1));
    if (length(step) < STEP_RATIO * noise) continue;
    edges.push({
      start,
      end,
      step: step.slice(),
      before: before.slice(),
      after: after.slice(),
      isComplete: newest >= end + QUIET_CYCLES,
      // What took it back may have left the ring since.
      isReturning: same?.isReturning ?? false,
    });
  }
  return edges;
}

/** Writes the runs of moving cycles, oldest first, and returns how many there are. */
function findRuns(ring: CycleRing, motion: Motion): number {
  const newest = ring.newest();
  let count = 0;
  for (let cycle = ring.oldest() + 1; cycle <= newest; cycle++) {
    if (!motion.isMoving(cycle)) continue;
    const start = cycle;
    while (motion.isMoving(cycle + 1)) cycle++;
    const turn = turnOf(ring, start, cycle);
    if (turn >= 0) {
      runStarts[count] = start;
      runEnds[count++] = turn;
    }
    runStarts[count] = turn < 0 ? start : turn + 1;
    runEnds[count++] = cycle;
  }
  return count;
}

function earlierOf(earlier: readonly Edge[], start: number, end: number): Edge | undefined {
  for (const edge of earlier) if (edge.start === start && edge.end === end) return edge;
  return undefined;
}

/**
 * The cycle farthest from where a run began, when the run comes back to there: then it is two edges, up and down. What
 * stays away by more is an inrush, which belongs to its switch: -1.
 */
function turnOf(ring: CycleRing, start: number, end: number): number {
  const first = ring.featuresAt(start - 1);
  let turn = start;
  let farthest = 0;
  let last = 0;
  for (let cycle = start; cycle <= end; cycle++) {
    const at = ring.featuresAt(cycle);
    let squares = 0;
    for (let k = 0; k < FEATURES; k++) {
      squares += ((ring.features[at + k] as number) - (ring.features[first + k] as number)) ** 2;
    }
    last = Math.sqrt(squares);
    if (last <= farthest) continue;
    farthest = last;
    turn = cycle;
  }
  return turn < end && last < CANCEL_RATIO * farthest ? turn : -1;
}

/** Lower quartile of the distances of the cycles on one side: the noise there, whether or not it counts as moving. */
function quietAround(motion: Motion, limit: number, from: number, direction: 1 | -1): number {
  let count = 0;
  for (let n = 1; n <= QUIET_CYCLES; n++) {
    const cycle = from + direction * n;
    if (direction * (limit - cycle) < 0) break;
    const distanceA = motion.distanceOf(cycle);
    let place = count++;
    for (; place > 0 && (quiet[place - 1] as number) > distanceA; place--) quiet[place] = quiet[place - 1] as number;
    quiet[place] = distanceA;
  }
  return count > 0 ? (quiet[count >> 2] as number) : 0;
}

/** Mean features of cycles from..to-1. */
export function meanFeatures(ring: CycleRing, from: number, to: number): Float64Array {
  const mean = new Float64Array(FEATURES);
  writeMean(ring, from, to, mean);
  return mean;
}

function writeMean(ring: CycleRing, from: number, to: number, mean: Float64Array): void {
  const { features } = ring;
  mean.fill(0);
  for (let cycle = from; cycle < to; cycle++) {
    const at = ring.featuresAt(cycle);
    for (let k = 0; k < FEATURES; k++) mean[k] = (mean[k] as number) + (features[at + k] as number);
  }
  for (let k = 0; k < FEATURES; k++) mean[k] = (mean[k] as number) / (to - from);
}

/**
 * Marks the edges that belong to pulses: those whose step another edge takes back or repeats, and those that lead to a
 * level where the current had been before, or from one to which it returns (a pulse may rise as a ramp, which is no
 * edge). `known`: steps of loads that are known to pulse; an edge of such a step needs no partner.
 */
export function markReturning(ring: CycleRing, edges: readonly Edge[], known: readonly Float64Array[]): void {
  for (let index = 0; index < edges.length; index++) {
    const edge = edges[index] as Edge;
    if (isKnown(edge.step, known)) edge.isReturning = true;
    for (let next = index + 1; next < edges.length; next++) {
      const later = edges[next] as Edge;
      // Told one by one: whether they are pulses all the same is for the book to say.
      if (later.start - edge.end > PULSE_CYCLES) break;
      if (edge.isReturning && later.isReturning) continue;
      if (cancels(edge.step, later.step, 1) || (cancels(edge.step, later.step, -1) && goesBack(edge, later))) {
        edge.isReturning = true;
        later.isReturning = true;
      }
    }
    if (!edge.isReturning && revisits(ring, edge)) edge.isReturning = true;
  }
}

function isKnown(step: Float64Array, known: readonly Float64Array[]): boolean {
  for (const other of known) if (cancels(step, other, 1) || cancels(step, other, -1)) return true;
  return false;
}

/** Whether the level after was there before the edge, or the level before is there again after it. */
function revisits(ring: CycleRing, edge: Edge): boolean {
  const reach = RETURN_RATIO * length(edge.step);
  const first = Math.max(ring.oldest(), edge.start - PULSE_CYCLES);
  const end = Math.min(ring.newest(), edge.end + PULSE_CYCLES) + 1;
  return (
    isVisited(ring, edge.after, reach, first, edge.start - SIDE_CYCLES) ||
    isVisited(ring, edge.before, reach, edge.end + SIDE_CYCLES + 1, end)
  );
}

/** Whether enough of the cycles from..to-1 lie within `reach` of a level. */
function isVisited(ring: CycleRing, level: Float64Array, reach: number, from: number, to: number): boolean {
  const { features } = ring;
  const limit = reach * reach;
  let count = 0;
  for (let cycle = from; cycle < to; cycle++) {
    const at = ring.featuresAt(cycle);
    let squares = 0;
    // Most cycles are elsewhere by their fundamental alone.
    for (let k = 0; k < FEATURES && squares < limit; k++) {
      const away = (features[at + k] as number) - (level[k] as number);
      squares += away * away;
    }
    if (squares < limit && ++count === LEAST_VISITS) return true;
  }
  return false;
}

/** Whether the current went back between two equal steps: a pulse whose other flank is a ramp or hidden by a switch. */
function goesBack(edge: Edge, later: Edge): boolean {
  let back = 0;
  for (let k = 0; k < FEATURES; k++) {
    back += ((edge.after[k] as number) - (later.before[k] as number)) * (edge.step[k] as number);
  }
  return back > 0.5 * dot(edge.step, edge.step);
}

/** Whether a + sign·b is small beside the larger of the two. */
export function cancels(a: Float64Array, b: Float64Array, sign: 1 | -1): boolean {
  let rest = 0;
  let ofA = 0;
  let ofB = 0;
  for (let k = 0; k < FEATURES; k++) {
    const one = a[k] as number;
    const other = b[k] as number;
    const left = one + sign * other;
    rest += left * left;
    ofA += one * one;
    ofB += other * other;
  }
  return Math.sqrt(rest) < CANCEL_RATIO * Math.max(Math.sqrt(ofA), Math.sqrt(ofB));
}

export function length(vector: Float64Array): number {
  return Math.sqrt(dot(vector, vector));
}

export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let squares = 0;
  for (let k = 0; k < a.length; k++) squares += ((a[k] as number) - (b[k] as number)) ** 2;
  return Math.sqrt(squares);
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += (a[k] as number) * (b[k] as number);
  return sum;
}

export function sum(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, k) => value + (b[k] as number));
}

/** Whether a cycle lies on the flank of a pulse or of a switch. */
export function isBetween(edges: readonly Edge[], cycle: number): boolean {
  for (const { start, end, isReturning } of edges) {
    // A pulse may begin late in the cycle before the one that moves.
    if (isReturning && cycle >= start - 1 && cycle < Math.max(end, start + 1)) return true;
    if (!isReturning && cycle > start && cycle < end) return end - start <= 3;
  }
  return false;
}

/** The edge that holds a cycle and belongs to no pulse. */
export function loneEdgeAt(edges: readonly Edge[], cycle: number): Edge | undefined {
  for (const edge of edges) if (!edge.isReturning && edge.start <= cycle && edge.end >= cycle) return edge;
  return undefined;
}
