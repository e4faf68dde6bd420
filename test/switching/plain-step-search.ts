import { FEATURE_COUNT } from '../../packages/signal/src/switching/cycle-features.ts';
import { findEdges, markReturning, type Edge } from '../../packages/signal/src/switching/edges.ts';
import { basisOf, type PulseBasis } from '../../packages/signal/src/switching/pulse-basis.ts';
import type { createStepSearch } from '../../packages/signal/src/switching/step-search.ts';
import { at, compareSides, dot, type Comparison, type Side } from './plain-step-score.ts';

const [WINDOW, PULSING_WINDOW] = [12, 20];
const [LEAST, LEAST_PULSING] = [4, 5];
const START = 6;
const RADIUS = 5;
const SETTLES = 3;
const REFRESH = 16;

/**
 * The step search of packages/signal as its rules read. Every cycle is scored in full and kept in a map; `rescore` scores
 * all of them; nothing that is asked twice is remembered. Edges and the directions of pulses are the product's own.
 */
export const createPlainStepSearch: typeof createStepSearch = (ring, motion, lag, threshold, known) => {
  let edges: Edge[] = [];
  let basis: PulseBasis = [];
  let scores = new Map<number, number>();
  let [start, scored, lastMoving] = [0, -1, -1];
  let compared: { found: Comparison; before: Side; after: Side } | undefined;

  const features = (cycle: number): Float64Array => {
    const from = ring.featuresAt(cycle);
    return Float64Array.from(ring.features.subarray(from, from + FEATURE_COUNT));
  };
  /** Strengths along the directions, each of what the ones before leave. */
  const alongs = (cycle: number): number[] => {
    let rest = features(cycle);
    return basis.map((direction) => {
      const along = dot(rest, direction);
      rest = rest.map((value, k) => value - along * at(direction, k));
      return Math.fround(along);
    });
  };
  const beside = (cycle: number): Float64Array => {
    let rest = features(cycle);
    alongs(cycle).forEach((along, index) => {
      rest = rest.map((value, k) => Math.fround(value - along * at(basis[index] ?? [], k)));
    });
    return rest;
  };

  const isBetween = (cycle: number): boolean => {
    for (const { start, end, isReturning } of edges) {
      if (isReturning && cycle >= start - 1 && cycle < Math.max(end, start + 1)) return true;
      if (!isReturning && cycle > start && cycle < end) return end - start <= 3;
    }
    return false;
  };
  /** What `isBetween` said when the edges were found last: cycles since lie on no flank yet. */
  let between = new Set<number>();
  const steady = (from: number, to: number): number[] =>
    Array.from({ length: Math.max(0, to - from) }, (_, n) => from + n).filter((cycle) => !between.has(cycle));

  const windows = (cycle: number): { before: number[]; after: number[] } | undefined => {
    const isPulsing = basis.length > 0;
    const width = isPulsing ? PULSING_WINDOW : WINDOW;
    const end = ring.newest() + 1;
    let [from, beforeEnd, afterStart, to] = [Math.max(ring.oldest(), cycle - width), cycle, cycle, cycle + width];
    to = Math.min(end, to);
    for (const edge of edges.filter((one) => !one.isReturning)) {
      const holds = edge.start <= cycle && edge.end >= cycle;
      if (edge.start === cycle || (holds && isPulsing)) {
        beforeEnd = Math.min(beforeEnd, edge.start);
        afterStart = Math.max(afterStart, edge.end);
        to = Math.max(to, Math.min(end, edge.end + width));
      } else if (holds) return undefined;
      else if (edge.start < cycle) from = Math.max(from, edge.end);
      else to = Math.min(to, edge.start);
    }
    const found = { before: steady(from, beforeEnd), after: steady(afterStart, to) };
    const least = isPulsing ? LEAST_PULSING : LEAST;
    return found.before.length >= least && found.after.length >= least ? found : undefined;
  };

  const compare = ({ before, after }: { before: number[]; after: number[] }): Comparison => {
    const mean = (cycles: number[], index: number): number =>
      cycles.reduce((sum, cycle) => sum + at(alongs(cycle), index), 0) / cycles.length;
    const leakA = 0.003 * Math.hypot(...basis.map((_, index) => mean(after, index) - mean(before, index)));
    const sides = [before.map(beside), after.map(beside)] as const;
    const found = compareSides(sides[0], sides[1], leakA, basis.length > 0);
    compared = { found, before: sides[0], after: sides[1] };
    return found;
  };

  const inrushScore = (cycle: number): number => {
    const edge = edges.find((one) => !one.isReturning && one.start === cycle);
    if (edge === undefined || edge.end <= ring.newest() - LEAST_PULSING || edge.end - cycle <= SETTLES) return 0;
    return Math.sqrt(dot(edge.step, edge.step)) / motion.noiseA();
  };

  const distance = (a: Float64Array, b: Float64Array): number => Math.hypot(...a.map((value, k) => value - at(b, k)));

  const levelScore = (edge: Edge): number => {
    const size = Math.hypot(...edge.step);
    const isPulse = edges.some(({ step, isReturning }) => {
      const negative = step.map((value) => -value);
      const similar = Math.min(distance(edge.step, step), distance(edge.step, negative));
      return isReturning && similar < 0.3 * Math.max(size, Math.hypot(...step));
    });
    const before = steady(Math.max(ring.oldest(), edge.start - PULSING_WINDOW), edge.start).map(features);
    const after = steady(edge.end, Math.min(ring.newest() + 1, edge.end + PULSING_WINDOW)).map(features);
    if (isPulse || before.length < LEAST || after.length < LEAST) return 0;
    const strangers = (list: Side, others: Side): number => {
      const nearest = list.map((one) => Math.min(...others.map((other) => distance(one, other))));
      return at(
        nearest.sort((a, b) => a - b),
        Math.floor(nearest.length / 5),
      );
    };
    const nearest = Math.min(strangers(before, after), strangers(after, before));
    return nearest > 0.5 * size ? nearest / motion.noiseA() : 0;
  };

  const scoreOf = (cycle: number): number => {
    if (cycle < Math.max(start + START, ring.oldest() + LEAST)) return 0;
    const found = windows(cycle);
    if (found === undefined) return inrushScore(cycle);
    const { score } = compare(found);
    const lone = edges.find((edge) => !edge.isReturning && edge.start <= cycle && edge.end >= cycle);
    if (basis.length === 0 || lone === undefined) return score;
    const best = Math.max(score, lone.start === cycle ? levelScore(lone) : 0);
    const sideStep = cycle > ring.oldest() ? distance(beside(cycle), beside(cycle - 1)) : 0;
    return best * (1 + 1e-3 * Math.min(1, sideStep));
  };

  const refresh = (): void => {
    const steps = known();
    edges = findEdges(ring, motion, edges);
    markReturning(ring, edges, steps);
    between = new Set();
    for (let cycle = ring.oldest(); cycle <= ring.newest(); cycle++) if (isBetween(cycle)) between.add(cycle);
    basis = basisOf(edges, steps);
  };

  return {
    edges: () => edges,
    basis: () => basis,
    push() {
      const newest = ring.newest();
      if (motion.isMoving(newest)) lastMoving = newest;
      if (newest === lastMoving + SETTLES || (edges.length > 0 && newest % REFRESH === 0)) refresh();
      while (scored < newest - lag) scores.set(++scored, Math.fround(scoreOf(scored)));
    },
    rescore() {
      if (ring.newest() < ring.oldest()) return;
      refresh();
      scores = new Map();
      scored = Math.max(start, ring.oldest()) - 1;
      while (scored < ring.newest() - START + 1) scores.set(++scored, Math.fround(scoreOf(scored)));
    },
    clear() {
      start = ring.newest() + 1;
      [scored, lastMoving, edges, basis] = [start - 1, -1, [], []];
      scores = new Map();
      between = new Set();
    },
    alongOf: (cycle) => alongs(cycle)[0] ?? 0,
    isBetweenLevels: (cycle) => (cycle < ring.oldest() ? isBetween(cycle) : between.has(cycle)),
    isPeak(cycle) {
      const scoreAt = (one: number): number => (one >= ring.oldest() ? (scores.get(one) ?? 0) : 0);
      const score = scoreAt(cycle);
      if (score < threshold) return false;
      for (let other = cycle - RADIUS; other <= cycle + RADIUS; other++) if (scoreAt(other) > score) return false;
      let [first, last] = [cycle, cycle];
      while (scoreAt(first - 1) === score) first--;
      while (scoreAt(last + 1) === score) last++;
      return cycle === (first + last + 1) >> 1;
    },
    stepAt(cycle) {
      const found = windows(cycle);
      return found === undefined ? new Float64Array(FEATURE_COUNT) : compare(found).step;
    },
    localShareAt() {
      if (compared === undefined) return NaN;
      const { found, before, after } = compared;
      const mean = (rows: Side, k: number): number => rows.reduce((sum, row) => sum + at(row, k), 0) / rows.length;
      const local = found.step.map((_, k) => mean(after.slice(0, 3), k) - mean(before.slice(-3), k));
      return dot(local, found.step) / dot(found.step, found.step);
    },
  };
};
