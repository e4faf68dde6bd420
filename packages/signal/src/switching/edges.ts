import { FEATURE_COUNT } from './cycle-features.ts';
import type { CycleRing } from './cycle-ring.ts';
import type { Motion } from './motion.ts';

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

/**
 * Finds the edges of the cycles held, oldest first. `earlier`: what was found last time; an edge whose surroundings were
 * complete then is kept as it is.
 */
export function findEdges(ring: CycleRing, motion: Motion, earlier: readonly Edge[]): Edge[] {
  const edges: Edge[] = [];
  const runs: [number, number][] = [];
  for (let cycle = ring.oldest() + 1; cycle <= ring.newest(); cycle++) {
    if (!motion.isMoving(cycle)) continue;
    const start = cycle;
    while (motion.isMoving(cycle + 1)) cycle++;
    const turn = turnOf(ring, start, cycle);
    if (turn !== undefined) runs.push([start, turn]);
    runs.push([turn === undefined ? start : turn + 1, cycle]);
  }
  for (const [index, [start, end]] of runs.entries()) {
    const same = earlier.find((edge) => edge.start === start && edge.end === end);
    if (same?.isComplete) {
      edges.push(same);
      continue;
    }
    const from = Math.max(start - SIDE_CYCLES, index > 0 ? (runs[index - 1]?.[1] ?? 0) : ring.oldest());
    const to = Math.min(end + SIDE_CYCLES, index + 1 < runs.length ? (runs[index + 1]?.[0] ?? 0) : ring.newest() + 1);
    const before = meanFeatures(ring, from, start);
    const after = meanFeatures(ring, end, to);
    const step = after.map((value, k) => value - (before[k] as number));
    const size = length(step);
    if (
      size <
      STEP_RATIO * Math.max(quietAround(motion, ring.oldest(), start, -1), quietAround(motion, ring.newest(), end, 1))
    ) {
      continue;
    }
    // What took it back may have left the ring since.
    const isReturning = same?.isReturning ?? false;
    edges.push({ start, end, step, before, after, isComplete: ring.newest() >= end + QUIET_CYCLES, isReturning });
  }
  return edges;
}

/**
 * The cycle farthest from where a run began, when the run comes back to there: then it is two edges, up and down. What
 * stays away by more is an inrush, which belongs to its switch.
 */
function turnOf(ring: CycleRing, start: number, end: number): number | undefined {
  const first = ring.featuresAt(start - 1);
  let turn = start;
  let farthest = 0;
  let last = 0;
  for (let cycle = start; cycle <= end; cycle++) {
    const at = ring.featuresAt(cycle);
    let squares = 0;
    for (let k = 0; k < FEATURE_COUNT; k++) {
      squares += ((ring.features[at + k] as number) - (ring.features[first + k] as number)) ** 2;
    }
    last = Math.sqrt(squares);
    if (last <= farthest) continue;
    farthest = last;
    turn = cycle;
  }
  return turn < end && last < CANCEL_RATIO * farthest ? turn : undefined;
}

/** Lower quartile of the distances of the cycles on one side: the noise there, whether or not it counts as moving. */
function quietAround(motion: Motion, limit: number, from: number, direction: 1 | -1): number {
  const distances: number[] = [];
  for (let n = 1; n <= QUIET_CYCLES; n++) {
    const cycle = from + direction * n;
    if (direction * (limit - cycle) < 0) break;
    distances.push(motion.distanceOf(cycle));
  }
  distances.sort((a, b) => a - b);
  return distances[distances.length >> 2] ?? 0;
}

/** Mean features of cycles from..to-1. */
export function meanFeatures(ring: CycleRing, from: number, to: number): Float64Array {
  const mean = new Float64Array(FEATURE_COUNT);
  for (let cycle = from; cycle < to; cycle++) {
    const at = ring.featuresAt(cycle);
    for (let k = 0; k < FEATURE_COUNT; k++) (mean[k] as number) += ring.features[at + k] as number;
  }
  return mean.map((sum) => sum / (to - from));
}

/**
 * Marks the edges that belong to pulses: those whose step another edge takes back or repeats, and those that lead to a
 * level where the current had been before, or from one to which it returns (a pulse may rise as a ramp, which is no
 * edge). `known`: steps of loads that are known to pulse; an edge of such a step needs no partner.
 */
export function markReturning(ring: CycleRing, edges: readonly Edge[], known: readonly Float64Array[]): void {
  for (const [index, edge] of edges.entries()) {
    if (known.some((step) => cancels(edge.step, step, 1) || cancels(edge.step, step, -1))) edge.isReturning = true;
    for (const later of edges.slice(index + 1)) {
      // Told one by one: whether they are pulses all the same is for the book to say.
      if (later.start - edge.end > PULSE_CYCLES) break;
      if (cancels(edge.step, later.step, 1) || (cancels(edge.step, later.step, -1) && goesBack(edge, later))) {
        edge.isReturning = true;
        later.isReturning = true;
      }
    }
    if (!edge.isReturning && revisits(ring, edge)) edge.isReturning = true;
  }
}

/** Whether the level after was there before the edge, or the level before is there again after it. */
function revisits(ring: CycleRing, edge: Edge): boolean {
  const reach = RETURN_RATIO * length(edge.step);
  return (
    visits(ring, edge.after, reach, Math.max(ring.oldest(), edge.start - PULSE_CYCLES), edge.start - SIDE_CYCLES) >=
      LEAST_VISITS ||
    visits(
      ring,
      edge.before,
      reach,
      edge.end + SIDE_CYCLES + 1,
      Math.min(ring.newest(), edge.end + PULSE_CYCLES) + 1,
    ) >= LEAST_VISITS
  );
}

/** How many cycles from..to-1 lie within `reach` of a level. */
function visits(ring: CycleRing, level: Float64Array, reach: number, from: number, to: number): number {
  let count = 0;
  for (let cycle = from; cycle < to; cycle++) {
    const at = ring.featuresAt(cycle);
    let squares = 0;
    for (let k = 0; k < FEATURE_COUNT; k++) squares += ((ring.features[at + k] as number) - (level[k] as number)) ** 2;
    if (squares < reach * reach) count++;
  }
  return count;
}

/** Whether the current went back between two equal steps: a pulse whose other flank is a ramp or hidden by a switch. */
function goesBack(edge: Edge, later: Edge): boolean {
  let back = 0;
  for (let k = 0; k < FEATURE_COUNT; k++) {
    back += ((edge.after[k] as number) - (later.before[k] as number)) * (edge.step[k] as number);
  }
  return back > 0.5 * dot(edge.step, edge.step);
}

/** Whether a + sign·b is small beside the larger of the two. */
export function cancels(a: Float64Array, b: Float64Array, sign: 1 | -1): boolean {
  let rest = 0;
  for (let k = 0; k < FEATURE_COUNT; k++) rest += ((a[k] as number) + sign * (b[k] as number)) ** 2;
  return Math.sqrt(rest) < CANCEL_RATIO * Math.max(length(a), length(b));
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
