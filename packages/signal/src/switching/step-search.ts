import { FEATURE_COUNT } from './cycle-features.ts';
import type { CycleRing } from './cycle-ring.ts';
import { basisOf, isSameBasis, MOST_DIRECTIONS, takeAlong } from './pulse-basis.ts';
import type { PulseBasis } from './pulse-basis.ts';
import { distance, findEdges, isBetween, length, loneEdgeAt, markReturning, sum } from './edges.ts';
import type { Edge } from './edges.ts';
import type { Motion } from './motion.ts';
import { createStepScore } from './step-score.ts';
import type { RowList } from './step-score.ts';

/** Of this module: the compiler reads an imported constant anew at each turn of a loop. */
const FEATURES = FEATURE_COUNT;

/** Scores every cycle of a ring as the first one of a new state. */
export type StepSearch = {
  /** Takes the newest cycle of the ring and scores the cycle `lag` before it. */
  push(): void;
  /**
   * Scores anew with what is known by now all that `isPeak` asks about `first` and later cycles, up to the newest cycle
   * that 6 follow.
   */
  rescore(first: number): void;
  clear(): void;
  edges(): readonly Edge[];
  basis(): PulseBasis;
  /** Whether the score passes the threshold and no cycle within 5 scores more. */
  isPeak(cycle: number): boolean;
  /** Mean after minus mean before around a cycle, without what lies along the basis; overwritten by the next call. */
  stepAt(cycle: number): Float64Array;
  /** Part of the step of the last `stepAt` that already shows between the three cycles before and the three after. */
  localShareAt(): number;
  /** Strength of a cycle along the first direction of the basis, A; 0 without one. */
  alongOf(cycle: number): number;
  /** Whether the cycle lies on the flank of a pulse or of a switch. */
  isBetweenLevels(cycle: number): boolean;
};

/** Cycles compared on each side of a candidate. */
const WINDOW_CYCLES = 12;
/** The same beside a pulsing background: whole pulses. */
const PULSING_WINDOW_CYCLES = 20;
/** Fewer cycles than this on one side are not compared. */
const LEAST_CYCLES = 4;
/** The same beside a pulsing background, which is known less well. */
const LEAST_PULSING_CYCLES = 5;
/** Cycles at the start of a stream in which a change is not guessed. */
const START_CYCLES = 6;
/** Two events are at least one cycle more than this apart. */
export const PEAK_RADIUS = 5;
/** Cycles after the last moving one that the level after an edge is measured from. */
const EDGE_SETTLES = 3;
/** Part of a pulse's step that the direction learned from a few edges leaves over. */
const BASIS_ERROR = 0.003;
/** A step within this part of a pulse's own is taken for that pulse. */
const PULSE_LIKENESS = 0.3;
/** After a switch the levels are strange to those before by at least this part of its step. */
const LEVEL_SHIFT = 0.5;
/** What is bounded to less than this part of the threshold is below it whatever rounding does. */
const BOUND_MARGIN = 0.99;
/**
 * What looks like less than this part of the threshold at first is not compared to the end. No bound: of 886 scores that
 * pass, of switched loads, pulses and arcs, the least looked like 0.84 of it.
 */
const LIKENESS = 0.6;
/** Noise above this multiple of the threshold, A: the mean of a window strays by more than the bound that stands for it. */
const NOISE_BEYOND_BOUND = 0.05;
/** Old edges leave the ring unnoticed; they are looked through again at this interval. */
const REFRESH_CYCLES = 16;

/** Cycles of a ring that can be searched. */
export const MOST_ROWS = 64;

/** Shared by all circuits: filled and read within one call. */
const test = createStepScore();
const before: RowList = { rows: new Int32Array(PULSING_WINDOW_CYCLES), count: 0 };
const after: RowList = { rows: new Int32Array(PULSING_WINDOW_CYCLES), count: 0 };
const rest = new Float64Array(FEATURES);
/** Change of the mean strength along each direction of the basis. */
const strengths = new Float64Array(MOST_DIRECTIONS);
/** Features without what lies along the basis, by row of the ring. */
const projected = new Float32Array(MOST_ROWS * FEATURES);

/** Creates the search; `lag`: cycles that follow one when it is scored; `threshold`: least score of a peak. `known`: steps of loads that are known to pulse. */
export function createStepSearch(
  ring: CycleRing,
  motion: Motion,
  lag: number,
  threshold: number,
  known: () => readonly Float64Array[],
): StepSearch {
  const { capacity } = ring;
  const alongs = new Float32Array(capacity * MOST_DIRECTIONS);
  const scores = new Float32Array(capacity);
  let edges: Edge[] = [];
  let basis: PulseBasis = [];
  let lastMoving = -1;
  /** Cycles that have a score. */
  let scoredFrom = 0;
  let scored = -1;
  /** Whether a held cycle lies on a flank, by its place in the ring. */
  const between = new Uint8Array(capacity);

  /** Strengths of a cycle along the basis. */
  const measureAlongs = (cycle: number): void => {
    const row = cycle % capacity;
    for (let k = 0; k < FEATURES; k++) rest[k] = ring.features[row * FEATURES + k] as number;
    for (let index = 0; index < basis.length; index++) {
      alongs[row * MOST_DIRECTIONS + index] = takeAlong(rest, basis[index] as Float64Array);
    }
  };

  /** The features without what lies along the basis, of the rows of a window. */
  const projectRows = ({ rows, count }: RowList): void => {
    for (let n = 0; n < count; n++) projectRow(ring.features, rows[n] as number, basis, alongs);
  };

  /**
   * How much of the step along the basis may show beside it, because the basis is known to a part only, A. Leaves the
   * step along each direction in `strengths`.
   */
  const leakA = (): number => {
    let squares = 0;
    for (let index = 0; index < basis.length; index++) {
      const strength = meanAlong(after, index) - meanAlong(before, index);
      strengths[index] = strength;
      squares += strength ** 2;
    }
    return BASIS_ERROR * Math.sqrt(squares);
  };

  const meanAlong = ({ rows, count }: RowList, index: number): number => {
    let total = 0;
    for (let n = 0; n < count; n++) total += alongs[(rows[n] as number) * MOST_DIRECTIONS + index] as number;
    return total / count;
  };

  /** Fills the two windows around a candidate; false when one of them is too short. */
  const choose = (cycle: number): boolean => {
    const width = basis.length > 0 ? PULSING_WINDOW_CYCLES : WINDOW_CYCLES;
    let from = Math.max(ring.oldest(), cycle - width);
    let to = Math.min(ring.newest() + 1, cycle + width);
    let beforeEnd = cycle;
    let afterStart = cycle;
    for (const edge of edges) {
      if (edge.isReturning) continue;
      if (edge.start === cycle || (edge.start < cycle && edge.end >= cycle && basis.length > 0)) {
        // What moves, a cycle that the switch cut in two or an inrush, belongs to neither state. Beside pulses the run may
        // hold a pulse and the switch: where in it the switch is, is asked later.
        beforeEnd = Math.min(beforeEnd, edge.start);
        afterStart = Math.max(afterStart, edge.end);
        to = Math.max(to, Math.min(ring.newest() + 1, edge.end + width));
        continue;
      }
      if (edge.start < cycle && edge.end >= cycle) return false;
      if (edge.start < cycle) from = Math.max(from, edge.end);
      else if (edge.start > cycle) to = Math.min(to, edge.start);
    }
    collect(from, beforeEnd, before);
    collect(afterStart, to, after);
    const least = basis.length > 0 ? LEAST_PULSING_CYCLES : LEAST_CYCLES;
    return before.count >= least && after.count >= least;
  };

  const collect = (from: number, to: number, list: RowList): void => {
    list.count = 0;
    for (let cycle = from; cycle < to; cycle++) {
      if (between[cycle % capacity] === 1) continue;
      list.rows[list.count++] = cycle % capacity;
    }
  };

  const isBetweenLevels = (cycle: number): boolean =>
    cycle < ring.oldest() ? isBetween(edges, cycle) : between[cycle % capacity] === 1;

  const scoreAt = (cycle: number): number => {
    if (!choose(cycle)) return inrushScore(cycle);
    // Most cycles of most circuits: nothing that could be a peak.
    const score = mayBePeak() ? compare(LIKENESS * threshold) : 0;
    if (basis.length === 0) return score;
    const lone = loneEdgeAt(edges, cycle);
    if (lone === undefined) return score;
    // Within a run that a pulse and a switch share, the switch is where most happens beside the pulse.
    const found = Math.max(score, lone.start === cycle ? levelScore(lone) : 0);
    return found * (1 + 1e-3 * Math.min(1, sideStep(cycle)));
  };

  /** Whether the windows, once compared, could score the threshold. */
  const mayBePeak = (): boolean => {
    if (basis.length === 0) return !(test.bound(ring.features, before, after) < BOUND_MARGIN * threshold);
    if (motion.noiseA() > NOISE_BEYOND_BOUND * threshold) return true;
    const leak = leakA();
    return !(test.boundBeside(ring.features, before, after, basis, strengths, leak) < BOUND_MARGIN * threshold);
  };

  /** Compares the two windows. Beside pulses also without the direction in which they stray most, if that shows more. */
  const compare = (enough: number): number => {
    if (basis.length === 0) return test.score(ring.features, before, after, 0, 0);
    projectRows(before);
    projectRows(after);
    return test.scoreBest(projected, before, after, leakA(), enough);
  };

  /** Score of a change after which nothing has stood still yet: how far it went, in units of the noise. */
  const inrushScore = (cycle: number): number => {
    const edge = edges.find((one) => !one.isReturning && one.start === cycle);
    const isOngoing =
      edge !== undefined && edge.end > ring.newest() - LEAST_PULSING_CYCLES && edge.end - cycle > EDGE_SETTLES;
    return isOngoing ? length(edge.step) / motion.noiseA() : 0;
  };

  /** Distance of a cycle from the one before, without what lies along the basis, A. */
  const sideStep = (cycle: number): number => {
    if (cycle <= ring.oldest()) return 0;
    projectRow(ring.features, cycle % capacity, basis, alongs);
    projectRow(ring.features, (cycle - 1) % capacity, basis, alongs);
    return apart(projected, cycle, cycle - 1);
  };

  const apart = (vectors: Float32Array, one: number, other: number): number => {
    const a = ring.featuresAt(one);
    const b = ring.featuresAt(other);
    let squares = 0;
    for (let k = 0; k < FEATURES; k++) {
      const difference = (vectors[a + k] as number) - (vectors[b + k] as number);
      squares += difference * difference;
    }
    return Math.sqrt(squares);
  };

  /**
   * Score of an edge that no other edge takes back beside a pulsing background: a switch shifts all levels, so no cycle
   * after it lies on a level from before it, and the other way round. 0 when some do, or when the step is a pulse's own.
   */
  const levelScore = (edge: Edge): number => {
    const size = length(edge.step);
    for (const other of edges) {
      if (!other.isReturning) continue;
      const similar = Math.min(distance(edge.step, other.step), length(sum(edge.step, other.step)));
      if (similar < PULSE_LIKENESS * Math.max(size, length(other.step))) return 0;
    }
    collect(Math.max(ring.oldest(), edge.start - PULSING_WINDOW_CYCLES), edge.start, before);
    collect(edge.end, Math.min(ring.newest() + 1, edge.end + PULSING_WINDOW_CYCLES), after);
    if (before.count < LEAST_CYCLES || after.count < LEAST_CYCLES) return 0;
    const nearest = Math.min(strangers(before, after), strangers(after, before));
    const score = nearest / motion.noiseA();
    return nearest > LEVEL_SHIFT * size ? score : 0;
  };

  /** Lower quintile of the distances of the cycles of one list to the nearest of the other, in full. */
  const strangers = (list: RowList, others: RowList): number => {
    const nearest: number[] = [];
    for (let index = 0; index < list.count; index++) {
      let least = Infinity;
      for (let other = 0; other < others.count; other++) {
        least = Math.min(least, apart(ring.features, list.rows[index] as number, others.rows[other] as number));
      }
      nearest.push(least);
    }
    nearest.sort((a, b) => a - b);
    return nearest[Math.floor(nearest.length / 5)] ?? 0;
  };

  let start = 0;
  const isTooEarly = (cycle: number): boolean => cycle < Math.max(start + START_CYCLES, ring.oldest() + LEAST_CYCLES);

  /** Marks the cycles that `isBetween` names, edge by edge: the oldest edge that says anything about a cycle decides. */
  const markBetween = (): void => {
    between.fill(0);
    for (let index = edges.length - 1; index >= 0; index--) {
      const { start, end, isReturning } = edges[index] as Edge;
      const from = Math.max(ring.oldest(), isReturning ? start - 1 : start + 1);
      const to = isReturning ? Math.max(end, start + 1) : end;
      const isOne = isReturning || end - start <= 3 ? 1 : 0;
      for (let cycle = from; cycle < to; cycle++) between[cycle % capacity] = isOne;
    }
  };

  const refresh = (): void => {
    const steps = known();
    edges = findEdges(ring, motion, edges);
    markReturning(ring, edges, steps);
    markBetween();
    const found = basisOf(edges, steps);
    if (isSameBasis(found, basis)) return;
    basis = found;
    for (let cycle = ring.oldest(); cycle <= ring.newest(); cycle++) measureAlongs(cycle);
  };

  const scoreUpTo = (last: number): void => {
    while (scored < last) {
      score(++scored);
    }
  };

  const score = (cycle: number): void => {
    scores[cycle % capacity] = isTooEarly(cycle) ? 0 : scoreAt(cycle);
  };

  return {
    edges: () => edges,
    basis: () => basis,
    push() {
      const newest = ring.newest();
      between[newest % capacity] = 0;
      if (basis.length > 0) measureAlongs(newest);
      if (motion.isMoving(newest)) lastMoving = newest;
      if (newest === lastMoving + EDGE_SETTLES || (edges.length > 0 && newest % REFRESH_CYCLES === 0)) refresh();
      scoreUpTo(newest - lag);
    },
    rescore(first) {
      if (ring.newest() < ring.oldest()) return;
      refresh();
      const oldest = Math.max(start, ring.oldest());
      const from = Math.max(oldest, first - PEAK_RADIUS);
      scored = from - 1;
      scoreUpTo(ring.newest() - START_CYCLES + 1);
      // A peak may be one of several equal scores, of which it is the middle: the row of them may reach back farther.
      scoredFrom = from;
      while (scoredFrom > oldest && (scores[scoredFrom % capacity] as number) >= threshold) score(--scoredFrom);
    },
    clear() {
      start = ring.newest() + 1;
      scored = start - 1;
      scoredFrom = start;
      lastMoving = -1;
      edges = [];
      basis = [];
      scores.fill(0);
      between.fill(0);
    },
    alongOf: (cycle) => (basis.length > 0 ? (alongs[(cycle % capacity) * MOST_DIRECTIONS] as number) : 0),
    isBetweenLevels,
    isPeak(cycle) {
      const oldest = Math.max(ring.oldest(), scoredFrom);
      if (cycle < oldest || cycle > scored) return false;
      const score = scores[cycle % capacity] as number;
      if (!(score >= threshold)) return false;
      const end = Math.min(scored, cycle + PEAK_RADIUS);
      for (let other = Math.max(oldest, cycle - PEAK_RADIUS); other <= end; other++) {
        if ((scores[other % capacity] as number) > score) return false;
      }
      // On the flank of a pulse, which is left out, several cycles compare the same: the middle one errs least.
      let first = cycle;
      let last = cycle;
      while (first > oldest && scores[(first - 1) % capacity] === score) first--;
      while (last < scored && scores[(last + 1) % capacity] === score) last++;
      return cycle === (first + last + 1) >> 1;
    },
    stepAt(cycle) {
      if (!choose(cycle)) test.step.fill(0);
      else compare(0);
      return test.step;
    },
    localShareAt() {
      const { step } = test;
      const vectors = basis.length === 0 ? ring.features : projected;
      let along = 0;
      let square = 0;
      const beforeCount = Math.min(3, before.count);
      const afterCount = Math.min(3, after.count);
      for (let k = 0; k < FEATURES; k++) {
        let local = 0;
        for (let n = 0; n < afterCount; n++) {
          local += (vectors[(after.rows[n] as number) * FEATURES + k] as number) / afterCount;
        }
        for (let n = 0; n < beforeCount; n++) {
          local -= (vectors[(before.rows[before.count - 1 - n] as number) * FEATURES + k] as number) / beforeCount;
        }
        along += local * (step[k] as number);
        square += (step[k] as number) * (step[k] as number);
      }
      return along / square;
    },
  };
}

/** Writes one row of `projected`, in single precision after each direction. */
function projectRow(features: Float32Array, row: number, basis: PulseBasis, alongs: Float32Array): void {
  const at = row * FEATURES;
  const first = basis[0] as Float64Array;
  const along = alongs[row * MOST_DIRECTIONS] as number;
  if (basis.length === 1) {
    for (let k = 0; k < FEATURES; k++) {
      projected[at + k] = (features[at + k] as number) - along * (first[k] as number);
    }
    return;
  }
  const second = basis[1] as Float64Array;
  const alongSecond = alongs[row * MOST_DIRECTIONS + 1] as number;
  for (let k = 0; k < FEATURES; k++) {
    const rest = Math.fround((features[at + k] as number) - along * (first[k] as number));
    projected[at + k] = rest - alongSecond * (second[k] as number);
  }
}
