import type { HalfCycleFeatures } from './half-cycle-features.ts';
import type { LoadState } from './load-state.ts';

/** What the arcing half-cycles told by a voltage drop have in common, since they began. */
export type DropRecord = {
  /** A run begins: nothing arced within the last second. */
  begin(): void;
  /** A half-cycle told by its drop, held against `state`. */
  add(seen: HalfCycleFeatures, state: LoadState): void;
  count(): number;
  /** Mean of the drops, V, 0 before the first; their standard deviation, Infinity before three. */
  meanV(): number;
  deviationV(): number;
  /** Mean of the points by which the current came later than usual, and its standard deviation; Infinity before three. */
  meanDelayPoints(): number;
  delayDeviationPoints(): number;
  /** Mean part of the difference from the usual that the drops explained, 0..1. */
  meanExplained(): number;
  /** Mean distance from the usual, as part of the level. */
  meanDistance(): number;
  /** Mean surprise over the load's own, of all but the first of either polarity; Infinity before there are three. */
  surpriseRatio(): number;
};

const LEAST_DROPS = 3;
/** Half-cycles that surprise because the change itself does. */
const CHANGING_COUNT = 2;
/** Ratios above say no more than this one. */
const MOST_RATIO = 3;
const LEAST_SURPRISE = 1e-4;

/** Running sums, Welford's for the drops: no history is kept. */
export function createDropRecord(): DropRecord {
  let count = 0;
  let meanV = 0;
  let squaresV = 0;
  // Whole points: their sums are exact.
  let delays = 0;
  let delaySquares = 0;
  let explanations = 0;
  let distances = 0;
  let ratios = 0;
  const deviation = (squares: number): number =>
    count < LEAST_DROPS ? Infinity : Math.sqrt(Math.max(0, squares) / (count - 1));
  const mean = (sum: number): number => (count === 0 ? 0 : sum / count);
  return {
    begin() {
      count = meanV = squaresV = delays = delaySquares = explanations = distances = ratios = 0;
    },
    add(seen, state) {
      count++;
      const fromV = seen.dropV - meanV;
      meanV += fromV / count;
      squaresV += fromV * (seen.dropV - meanV);
      delays += seen.startDelayPoints;
      delaySquares += seen.startDelayPoints ** 2;
      explanations += seen.explained;
      distances += seen.distance;
      if (count > CHANGING_COUNT) {
        ratios += Math.min(MOST_RATIO, seen.surprise / Math.max(state.surprise, LEAST_SURPRISE));
      }
    },
    count: () => count,
    meanV: () => meanV,
    deviationV: () => deviation(squaresV),
    meanDelayPoints: () => mean(delays),
    delayDeviationPoints: () => deviation(delaySquares - delays * mean(delays)),
    meanExplained: () => mean(explanations),
    meanDistance: () => mean(distances),
    surpriseRatio: () => (count < CHANGING_COUNT + LEAST_DROPS ? Infinity : ratios / (count - CHANGING_COUNT)),
  };
}
