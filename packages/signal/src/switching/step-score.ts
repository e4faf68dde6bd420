import { FEATURE_COUNT } from './cycle-features.ts';

/** Row numbers of feature vectors; a list that is filled anew without allocating. */
export type RowList = { readonly rows: Int32Array; count: number };

/** A plan that asks whether the mean changed between two sets of feature vectors. */
export type StepScore = {
  /** Mean after minus mean before, after `score`. */
  readonly step: Float64Array;
  /**
   * Root mean square, over the components, of the change in units of its standard error; about 1 when nothing changed.
   * `vectors` holds the feature vectors row by row; a change of up to about `leakA` counts as noise. The
   * `strays` directions in which the vectors of each side stray most are left out: a pulsing load changes its shape with
   * its strength.
   */
  score(vectors: Float32Array, before: RowList, after: RowList, leakA: number, strays: number): number;
  /** What `score` is at most, at a quarter of its cost: as if all noise were the converter's. */
  bound(vectors: Float32Array, before: RowList, after: RowList): number;
  /** The larger of the scores with no stray and with one left out; `step` is that one's. */
  scoreBest(vectors: Float32Array, before: RowList, after: RowList, leakA: number): number;
};

/** Noise below this (rms per component) is the converter's: 1.5 mA. */
const FLOOR_A = 0.0015;
/** Share of the noise that is taken as equal in all components: a few cycles know each single one badly. */
const POOLED_SHARE = 0.3;

/** Turns of the power iteration at most: the leading direction is far ahead of the next where it matters. */
const POWER_TURNS = 5;
/** A turn that moved the direction by less (1 - cosine: 0.14 mrad) was the last. */
const TURNED = 1e-8;
/** Most directions that can be left out. */
const MOST_STRAYS = 3;

/** Plans the two-sample test. Allocates nothing per call. */
export function createStepScore(): StepScore {
  const step = new Float64Array(FEATURE_COUNT);
  const meanBefore = new Float64Array(FEATURE_COUNT);
  const meanAfter = new Float64Array(FEATURE_COUNT);
  const variance = new Float64Array(FEATURE_COUNT);
  const squares = new Float64Array(FEATURE_COUNT);
  const next = new Float64Array(FEATURE_COUNT);
  const plainStep = new Float64Array(FEATURE_COUNT);
  const plainVariance = new Float64Array(FEATURE_COUNT);
  const directions = Array.from({ length: MOST_STRAYS }, () => new Float64Array(FEATURE_COUNT));

  /** Adds up the distances from the first row and their squares: no digits are lost to a large steady current. */
  const collect = (vectors: Float32Array, { rows, count }: RowList, mean: Float64Array): void => {
    const pivot = (rows[0] as number) * FEATURE_COUNT;
    mean.fill(0);
    squares.fill(0);
    for (let index = 1; index < count; index++) {
      const at = (rows[index] as number) * FEATURE_COUNT;
      for (let k = 0; k < FEATURE_COUNT; k++) {
        const offset = (vectors[at + k] as number) - (vectors[pivot + k] as number);
        mean[k] = (mean[k] as number) + offset;
        squares[k] = (squares[k] as number) + offset * offset;
      }
    }
    for (let k = 0; k < FEATURE_COUNT; k++) {
      const offset = (mean[k] as number) / count;
      variance[k] = (variance[k] as number) + (squares[k] as number) - offset * (mean[k] as number);
      mean[k] = offset + (vectors[pivot + k] as number);
    }
  };

  /** Finds the direction of the largest spread by power iteration and takes it out of the step and the variance. */
  const leaveOutStray = (vectors: Float32Array, before: RowList, after: RowList, found: number): void => {
    const direction = directions[found] as Float64Array;
    begin(vectors, before, after, direction);
    for (let n = 0; n < found; n++) removeAlong(direction, directions[n] as Float64Array);
    let spread = 0;
    for (let turn = 0; turn < POWER_TURNS; turn++) {
      next.fill(0);
      addTurn(vectors, before, meanBefore, direction);
      addTurn(vectors, after, meanAfter, direction);
      for (let n = 0; n < found; n++) removeAlong(next, directions[n] as Float64Array);
      const size = lengthOf(direction);
      spread = lengthOf(next);
      if (!(spread > 0)) {
        direction.fill(0);
        return;
      }
      let along = 0;
      for (let k = 0; k < FEATURE_COUNT; k++) {
        along += (next[k] as number) * (direction[k] as number);
        direction[k] = (next[k] as number) / spread;
      }
      // The first direction is not of length 1: its spread is not one.
      if (turn > 0 && along > (1 - TURNED) * spread * size) break;
    }
    removeAlong(step, direction);
    for (let k = 0; k < FEATURE_COUNT; k++) {
      variance[k] = Math.max(0, (variance[k] as number) - spread * (direction[k] as number) * (direction[k] as number));
    }
  };

  /** Begins with the vector farthest from its side's mean: of a pulsing load, one of its levels. */
  const begin = (vectors: Float32Array, before: RowList, after: RowList, direction: Float64Array): void => {
    let farthest = -1;
    for (const side of [before, after]) {
      const mean = side === before ? meanBefore : meanAfter;
      for (let index = 0; index < side.count; index++) {
        const at = (side.rows[index] as number) * FEATURE_COUNT;
        let away = 0;
        for (let k = 0; k < FEATURE_COUNT; k++) away += ((vectors[at + k] as number) - (mean[k] as number)) ** 2;
        if (!(away > farthest)) continue;
        farthest = away;
        for (let k = 0; k < FEATURE_COUNT; k++) direction[k] = (vectors[at + k] as number) - (mean[k] as number);
      }
    }
  };

  /** Adds the vectors' parts along the direction, times the vectors: the means are taken off the sums, not the vectors. */
  const addTurn = (
    vectors: Float32Array,
    { rows, count }: RowList,
    mean: Float64Array,
    direction: Float64Array,
  ): void => {
    let meanAlong = 0;
    for (let k = 0; k < FEATURE_COUNT; k++) meanAlong += (mean[k] as number) * (direction[k] as number);
    let sum = 0;
    for (let index = 0; index < count; index++) {
      const at = (rows[index] as number) * FEATURE_COUNT;
      let along = -meanAlong;
      for (let k = 0; k < FEATURE_COUNT; k++) along += (vectors[at + k] as number) * (direction[k] as number);
      for (let k = 0; k < FEATURE_COUNT; k++) next[k] = (next[k] as number) + along * (vectors[at + k] as number);
      sum += along;
    }
    for (let k = 0; k < FEATURE_COUNT; k++) next[k] = (next[k] as number) - sum * (mean[k] as number);
  };

  const removeAlong = (vector: Float64Array, direction: Float64Array): void => {
    let along = 0;
    for (let k = 0; k < FEATURE_COUNT; k++) along += (vector[k] as number) * (direction[k] as number);
    for (let k = 0; k < FEATURE_COUNT; k++) vector[k] = (vector[k] as number) - along * (direction[k] as number);
  };

  /** Means, their difference and the scatter around them. */
  const gather = (vectors: Float32Array, before: RowList, after: RowList): void => {
    variance.fill(0);
    collect(vectors, before, meanBefore);
    collect(vectors, after, meanAfter);
    for (let k = 0; k < FEATURE_COUNT; k++) step[k] = (meanAfter[k] as number) - (meanBefore[k] as number);
  };

  const judge = (before: RowList, after: RowList, leakA: number): number => {
    const freedom = before.count + after.count - 2;
    let product = 1;
    for (let k = 0; k < FEATURE_COUNT; k++) {
      variance[k] = Math.max(FLOOR_A * FLOOR_A, (variance[k] as number) / freedom);
      product *= (variance[k] as number) / (FLOOR_A * FLOOR_A);
    }
    // The geometric mean: one component that a pulsing load stirs must not raise the noise of all.
    const pooled = FLOOR_A * FLOOR_A * product ** (1 / FEATURE_COUNT);
    const weight = (before.count * after.count) / (before.count + after.count);
    const leak = (weight * leakA * leakA) / FEATURE_COUNT;
    let sum = 0;
    for (let k = 0; k < FEATURE_COUNT; k++) {
      const noise = (1 - POOLED_SHARE) * (variance[k] as number) + POOLED_SHARE * pooled + leak;
      sum += ((step[k] as number) * (step[k] as number)) / noise;
    }
    return Math.sqrt((sum * weight) / FEATURE_COUNT);
  };

  const addUp = (vectors: Float32Array, { rows, count }: RowList, weight: number): void => {
    for (let index = 0; index < count; index++) {
      const at = (rows[index] as number) * FEATURE_COUNT;
      for (let k = 0; k < FEATURE_COUNT; k++) next[k] = (next[k] as number) + weight * (vectors[at + k] as number);
    }
  };

  return {
    step,
    bound(vectors, before, after) {
      next.fill(0);
      addUp(vectors, after, 1 / after.count);
      addUp(vectors, before, -1 / before.count);
      const weight = (before.count * after.count) / (before.count + after.count);
      return (lengthOf(next) * Math.sqrt(weight / FEATURE_COUNT)) / FLOOR_A;
    },
    score(vectors, before, after, leakA, strays) {
      gather(vectors, before, after);
      for (let n = 0; n < strays; n++) leaveOutStray(vectors, before, after, n);
      return judge(before, after, leakA);
    },
    scoreBest(vectors, before, after, leakA) {
      gather(vectors, before, after);
      plainStep.set(step);
      plainVariance.set(variance);
      const plain = judge(before, after, leakA);
      variance.set(plainVariance);
      leaveOutStray(vectors, before, after, 0);
      const clean = judge(before, after, leakA);
      if (clean > plain) return clean;
      step.set(plainStep);
      return plain;
    },
  };
}

function lengthOf(vector: Float64Array): number {
  let squares = 0;
  for (let k = 0; k < FEATURE_COUNT; k++) squares += (vector[k] as number) * (vector[k] as number);
  return Math.sqrt(squares);
}
