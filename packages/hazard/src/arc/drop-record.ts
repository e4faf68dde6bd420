import type { HalfCycleFeatures } from './half-cycle-features.ts';
import type { LoadState } from './load-state.ts';

/** What the arcing half-cycles told by a voltage drop have in common, since they began. */
export type DropRecord = {
  /** A run begins: nothing arced within the last second. */
  begin(): void;
  /** A half-cycle told by its drop, held against that `side` of `state`. */
  add(seen: HalfCycleFeatures, state: LoadState, side: 0 | 1): void;
  count(): number;
  /** Mean of the drops, V, 0 before the first; their standard deviation, Infinity before three. */
  meanV(): number;
  deviationV(): number;
  /** Mean of the points by which the current came later than usual. */
  meanDelayPoints(): number;
  /**
   * Their standard deviation, each polarity about its own mean, since a load may draw unlike in either; of all or of the
   * newest, whichever is smaller. Infinity before three.
   */
  delayDeviationPoints(): number;
  /** Mean part of the difference from the usual that the drops explained, 0..1. */
  meanExplained(): number;
  /** Mean distance from the usual, as part of the level. */
  meanDistance(): number;
  /**
   * Mean surprise over the load's own, of all but the first two or of the newest, whichever is smaller; Infinity before
   * there are three.
   */
  surpriseRatio(): number;
};

const LEAST_DROPS = 3;
/** The newest, that tell whether what moved has come to rest: how it came there says nothing of that. */
const NEWEST = 8;
/** Half-cycles that surprise because the change itself does. */
const CHANGING_COUNT = 2;
/** Ratios above say no more than this one. */
const MOST_RATIO = 3;
const LEAST_SURPRISE = 1e-4;

/** Running sums, Welford's for the drops; of the newest, what tells whether they stand still. */
export function createDropRecord(): DropRecord {
  let count = 0;
  let meanV = 0;
  let squaresV = 0;
  let delays = 0;
  let explanations = 0;
  let distances = 0;
  let ratios = 0;
  const allDelays = createDelaySpread();
  const newestDelays = createDelaySpread();
  /** The newest, each at its number modulo their count. */
  const delayOf = new Float64Array(NEWEST);
  const sideOf = new Uint8Array(NEWEST);
  const ratioOf = new Float64Array(NEWEST);
  const mean = (sum: number): number => (count === 0 ? 0 : sum / count);
  return {
    begin() {
      count = meanV = squaresV = delays = explanations = distances = ratios = 0;
      allDelays.clear();
      newestDelays.clear();
    },
    add(seen, state, side) {
      const at = count % NEWEST;
      if (count >= NEWEST) newestDelays.take(sideOf[at] === 1 ? 1 : 0, delayOf[at] as number, -1);
      count++;
      const fromV = seen.dropV - meanV;
      meanV += fromV / count;
      squaresV += fromV * (seen.dropV - meanV);
      delays += seen.startDelayPoints;
      explanations += seen.explained;
      distances += seen.distance;
      allDelays.take(side, seen.startDelayPoints, 1);
      newestDelays.take(side, seen.startDelayPoints, 1);
      delayOf[at] = seen.startDelayPoints;
      sideOf[at] = side;
      const ratio = Math.min(MOST_RATIO, seen.surprise / Math.max(state.surprise, LEAST_SURPRISE));
      ratioOf[at] = ratio;
      if (count > CHANGING_COUNT) ratios += ratio;
    },
    count: () => count,
    meanV: () => meanV,
    deviationV: () => (count < LEAST_DROPS ? Infinity : Math.sqrt(squaresV / (count - 1))),
    meanDelayPoints: () => mean(delays),
    delayDeviationPoints: () => Math.min(allDelays.deviation(), newestDelays.deviation()),
    meanExplained: () => mean(explanations),
    meanDistance: () => mean(distances),
    surpriseRatio() {
      if (count < CHANGING_COUNT + LEAST_DROPS) return Infinity;
      const ofAll = ratios / (count - CHANGING_COUNT);
      if (count < CHANGING_COUNT + NEWEST) return ofAll;
      let sum = 0;
      for (const ratio of ratioOf) sum += ratio;
      return Math.min(ofAll, sum / NEWEST);
    },
  };
}

type DelaySpread = {
  /** Takes a delay in, or out again with -1. */
  take(side: 0 | 1, delayPoints: number, sign: 1 | -1): void;
  /** Standard deviation of either polarity about its own mean; Infinity before three. */
  deviation(): number;
  clear(): void;
};

/** Whole points: their sums are exact, whatever is taken out. */
function createDelaySpread(): DelaySpread {
  const counts: [number, number] = [0, 0];
  const sums: [number, number] = [0, 0];
  let squares = 0;
  return {
    take(side, delayPoints, sign) {
      counts[side] += sign;
      sums[side] += sign * delayPoints;
      squares += sign * delayPoints ** 2;
    },
    deviation() {
      const count = counts[0] + counts[1];
      if (count < LEAST_DROPS) return Infinity;
      let about = squares;
      let sides = 0;
      for (const side of [0, 1] as const) {
        if (counts[side] === 0) continue;
        about -= sums[side] ** 2 / counts[side];
        sides++;
      }
      return Math.sqrt(Math.max(0, about) / (count - sides));
    },
    clear() {
      counts.fill(0);
      sums.fill(0);
      squares = 0;
    },
  };
}
