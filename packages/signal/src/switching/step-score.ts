import { FEATURE_COUNT } from './cycle-features.ts';

/** Of this module: the compiler reads an imported constant anew at each turn of a loop. */
const FEATURES = FEATURE_COUNT;

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
  /** What `score` is at most, at a quarter of its cost: as if all noise were the converter's. Within 1e-9. */
  bound(vectors: Float32Array, before: RowList, after: RowList): number;
  /**
   * The same of `scoreBest` once `strengths[n]` of each direction is taken out of the change: what is left of it as if
   * all noise were the converter's and the leak's. Within 1e-4: the vectors there are rounded one by one.
   */
  boundBeside(
    vectors: Float32Array,
    before: RowList,
    after: RowList,
    directions: readonly Float64Array[],
    strengths: Float64Array,
    leakA: number,
  ): number;
  /**
   * The larger of the scores with no stray and with one left out; `step` is that one's. What looks like less than
   * `enough` after the first turn towards the stray is not gone into: then it is about that, and `step` means nothing.
   */
  scoreBest(vectors: Float32Array, before: RowList, after: RowList, leakA: number, enough: number): number;
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
/** Rows that the centred vectors have room for at first; more are made room for. */
const FIRST_ROWS = 40;
/** Rows taken in one pass: one by one each sum would wait for the one before. */
const BLOCK_ROWS = 4;

/** Plans the two-sample test. Allocates nothing per call, but for more rows than ever before. */
export function createStepScore(): StepScore {
  const step = new Float64Array(FEATURES);
  const meanBefore = new Float64Array(FEATURES);
  const meanAfter = new Float64Array(FEATURES);
  const variance = new Float64Array(FEATURES);
  const squares = new Float64Array(FEATURES);
  const next = new Float64Array(FEATURES);
  const plainStep = new Float64Array(FEATURES);
  const plainVariance = new Float64Array(FEATURES);
  /** Spread along each direction. */
  const spreads = new Float64Array(MOST_STRAYS);
  const directions = Array.from({ length: MOST_STRAYS }, () => new Float64Array(FEATURES));
  /** The vectors of both sides, each without its side's mean; zeros up to a whole number of blocks. */
  let centred = new Float64Array(FIRST_ROWS * FEATURES);

  /** The mean of one side; adds its scatter to the variance. */
  const collect = (vectors: Float32Array, side: RowList, mean: Float64Array): void => {
    const { rows, count } = side;
    const pivot = (rows[0] as number) * FEATURES;
    addOffsets(vectors, side, mean, squares);
    for (let k = 0; k < FEATURES; k++) {
      const offset = (mean[k] as number) / count;
      variance[k] = (variance[k] as number) + (squares[k] as number) - offset * (mean[k] as number);
      mean[k] = offset + (vectors[pivot + k] as number);
    }
  };

  /** Takes one turn of the power iteration; returns whether it was the last that moved the direction. */
  const turnTowardsStray = (rowCount: number, found: number, turn: number): boolean => {
    const direction = directions[found] as Float64Array;
    turnOver(centred, rowCount, direction, next);
    for (let n = 0; n < found; n++) removeAlong(next, directions[n] as Float64Array);
    let size = 0;
    let along = 0;
    let squares = 0;
    for (let k = 0; k < FEATURES; k++) {
      const towards = direction[k] as number;
      const turned = next[k] as number;
      size += towards * towards;
      squares += turned * turned;
      along += turned * towards;
    }
    const spread = Math.sqrt(squares);
    spreads[found] = spread;
    if (!(spread > 0)) {
      direction.fill(0);
      return true;
    }
    for (let k = 0; k < FEATURES; k++) direction[k] = (next[k] as number) / spread;
    // The first direction is not of length 1: its spread is not one.
    if (turn === 0) spreads[found] = spread / Math.sqrt(size);
    return turn > 0 && along > (1 - TURNED) * spread * Math.sqrt(size);
  };

  /** Takes a direction found out of the step and the variance. */
  const leaveOut = (found: number): void => {
    const direction = directions[found] as Float64Array;
    const spread = spreads[found] as number;
    if (!(spread > 0)) return;
    removeAlong(step, direction);
    for (let k = 0; k < FEATURES; k++) {
      variance[k] = Math.max(0, (variance[k] as number) - spread * (direction[k] as number) * (direction[k] as number));
    }
  };

  /** Finds the direction of the largest spread beside those found, from the turn that is next on. */
  const findStray = (rowCount: number, found: number, firstTurn: number): void => {
    for (let turn = firstTurn; turn < POWER_TURNS; turn++) if (turnTowardsStray(rowCount, found, turn)) return;
  };

  /** Writes the vectors without their side's mean; returns how many rows there are, those of zeros included. */
  const centre = (vectors: Float32Array, before: RowList, after: RowList): number => {
    const count = before.count + after.count;
    const rowCount = Math.ceil(count / BLOCK_ROWS) * BLOCK_ROWS;
    if (rowCount * FEATURES > centred.length) centred = new Float64Array(rowCount * FEATURES);
    centreSide(vectors, before, meanBefore, centred, 0);
    centreSide(vectors, after, meanAfter, centred, before.count * FEATURES);
    centred.fill(0, count * FEATURES, rowCount * FEATURES);
    return rowCount;
  };

  /** Begins with the vector farthest from its side's mean: of a pulsing load, one of its levels. */
  const begin = (rowCount: number, found: number): void => {
    const direction = directions[found] as Float64Array;
    const place = farthestRow(centred, rowCount) * FEATURES;
    for (let k = 0; k < FEATURES; k++) direction[k] = centred[place + k] as number;
    for (let n = 0; n < found; n++) removeAlong(direction, directions[n] as Float64Array);
  };

  const removeAlong = (vector: Float64Array, direction: Float64Array): void => {
    let along = 0;
    for (let k = 0; k < FEATURES; k++) along += (vector[k] as number) * (direction[k] as number);
    for (let k = 0; k < FEATURES; k++) vector[k] = (vector[k] as number) - along * (direction[k] as number);
  };

  /** Means, their difference and the scatter around them. */
  const gather = (vectors: Float32Array, before: RowList, after: RowList): void => {
    variance.fill(0);
    collect(vectors, before, meanBefore);
    collect(vectors, after, meanAfter);
    for (let k = 0; k < FEATURES; k++) step[k] = (meanAfter[k] as number) - (meanBefore[k] as number);
  };

  const judge = (before: RowList, after: RowList, leakA: number): number => {
    const freedom = before.count + after.count - 2;
    let product = 1;
    for (let k = 0; k < FEATURES; k++) {
      variance[k] = Math.max(FLOOR_A * FLOOR_A, (variance[k] as number) / freedom);
      product *= (variance[k] as number) / (FLOOR_A * FLOOR_A);
    }
    // The geometric mean: one component that a pulsing load stirs must not raise the noise of all.
    const pooled = FLOOR_A * FLOOR_A * product ** (1 / FEATURES);
    const weight = (before.count * after.count) / (before.count + after.count);
    const leak = (weight * leakA * leakA) / FEATURES;
    let sum = 0;
    for (let k = 0; k < FEATURES; k++) {
      const noise = (1 - POOLED_SHARE) * (variance[k] as number) + POOLED_SHARE * pooled + leak;
      sum += ((step[k] as number) * (step[k] as number)) / noise;
    }
    return Math.sqrt((sum * weight) / FEATURES);
  };

  return {
    step,
    bound(vectors, before, after) {
      writeChange(vectors, before, after, next);
      const weight = (before.count * after.count) / (before.count + after.count);
      return (lengthOf(next) * Math.sqrt(weight / FEATURES)) / FLOOR_A;
    },
    boundBeside(vectors, before, after, beside, strengths, leakA) {
      writeChange(vectors, before, after, next);
      for (let n = 0; n < beside.length; n++) {
        const direction = beside[n] as Float64Array;
        for (let k = 0; k < FEATURES; k++) {
          next[k] = (next[k] as number) - (strengths[n] as number) * (direction[k] as number);
        }
      }
      const weight = (before.count * after.count) / (before.count + after.count);
      const noise = FLOOR_A * FLOOR_A + (weight * leakA * leakA) / FEATURES;
      return lengthOf(next) * Math.sqrt(weight / FEATURES / noise);
    },
    score(vectors, before, after, leakA, strays) {
      gather(vectors, before, after);
      const rowCount = strays > 0 ? centre(vectors, before, after) : 0;
      for (let n = 0; n < strays; n++) {
        begin(rowCount, n);
        findStray(rowCount, n, 0);
        leaveOut(n);
      }
      return judge(before, after, leakA);
    },
    scoreBest(vectors, before, after, leakA, enough) {
      gather(vectors, before, after);
      plainStep.set(step);
      plainVariance.set(variance);
      const plain = judge(before, after, leakA);
      variance.set(plainVariance);
      const rowCount = centre(vectors, before, after);
      begin(rowCount, 0);
      if (!turnTowardsStray(rowCount, 0, 0)) {
        leaveOut(0);
        const likely = Math.max(plain, judge(before, after, leakA));
        if (likely < enough) return likely;
        step.set(plainStep);
        variance.set(plainVariance);
        findStray(rowCount, 0, 1);
      }
      leaveOut(0);
      const clean = judge(before, after, leakA);
      if (clean > plain) return clean;
      step.set(plainStep);
      return plain;
    },
  };
}

// The loops that cost most take all their arrays as arguments: they are in registers then.

function centreSide(
  vectors: Float32Array,
  { rows, count }: RowList,
  mean: Float64Array,
  target: Float64Array,
  from: number,
): void {
  let to = from;
  for (let index = 0; index < count; index++) {
    const at = (rows[index] as number) * FEATURES;
    for (let k = 0; k < FEATURES; k++) target[to + k] = (vectors[at + k] as number) - (mean[k] as number);
    to += FEATURES;
  }
}

/** The longest of so many rows. */
function farthestRow(rows: Float64Array, rowCount: number): number {
  let farthest = -1;
  let found = 0;
  for (let row = 0; row < rowCount; row++) {
    const at = row * FEATURES;
    let even = 0;
    let odd = 0;
    for (let k = 0; k < FEATURES; k += 2) {
      even += (rows[at + k] as number) * (rows[at + k] as number);
      odd += (rows[at + k + 1] as number) * (rows[at + k + 1] as number);
    }
    if (!(even + odd > farthest)) continue;
    farthest = even + odd;
    found = row;
  }
  return found;
}

/** Adds up in `target` the rows' parts along the direction, times the rows. */
function turnOver(rows: Float64Array, rowCount: number, direction: Float64Array, target: Float64Array): void {
  target.fill(0);
  for (let row = 0; row < rowCount; row += BLOCK_ROWS) {
    const first = row * FEATURES;
    const second = first + FEATURES;
    const third = second + FEATURES;
    const fourth = third + FEATURES;
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let k = 0; k < FEATURES; k++) {
      const towards = direction[k] as number;
      a += (rows[first + k] as number) * towards;
      b += (rows[second + k] as number) * towards;
      c += (rows[third + k] as number) * towards;
      d += (rows[fourth + k] as number) * towards;
    }
    for (let k = 0; k < FEATURES; k++) {
      target[k] =
        (target[k] as number) +
        (a * (rows[first + k] as number) + b * (rows[second + k] as number)) +
        (c * (rows[third + k] as number) + d * (rows[fourth + k] as number));
    }
  }
}

/** Adds up the distances of the vectors from the first one, and their squares: no digits are lost to a steady current. */
function addOffsets(vectors: Float32Array, { rows, count }: RowList, sums: Float64Array, squares: Float64Array): void {
  const pivot = (rows[0] as number) * FEATURES;
  sums.fill(0);
  squares.fill(0);
  let index = 1;
  for (; index + 2 < count; index += 3) {
    const one = (rows[index] as number) * FEATURES;
    const two = (rows[index + 1] as number) * FEATURES;
    const three = (rows[index + 2] as number) * FEATURES;
    for (let k = 0; k < FEATURES; k++) {
      const from = vectors[pivot + k] as number;
      const first = (vectors[one + k] as number) - from;
      const second = (vectors[two + k] as number) - from;
      const third = (vectors[three + k] as number) - from;
      sums[k] = (sums[k] as number) + first + second + third;
      squares[k] = (squares[k] as number) + first * first + second * second + third * third;
    }
  }
  for (; index < count; index++) {
    const at = (rows[index] as number) * FEATURES;
    for (let k = 0; k < FEATURES; k++) {
      const offset = (vectors[at + k] as number) - (vectors[pivot + k] as number);
      sums[k] = (sums[k] as number) + offset;
      squares[k] = (squares[k] as number) + offset * offset;
    }
  }
}

/** Writes the mean of the rows of `after` minus that of the rows of `before`. */
function writeChange(vectors: Float32Array, before: RowList, after: RowList, target: Float64Array): void {
  target.fill(0);
  addUp(vectors, before, target);
  const perAfter = 1 / after.count;
  const scale = -after.count / before.count;
  for (let k = 0; k < FEATURES; k++) target[k] = scale * (target[k] as number);
  addUp(vectors, after, target);
  for (let k = 0; k < FEATURES; k++) target[k] = perAfter * (target[k] as number);
}

/** Adds the sum of the vectors. */
function addUp(vectors: Float32Array, { rows, count }: RowList, target: Float64Array): void {
  let index = 0;
  for (; index + 3 < count; index += 4) {
    const one = (rows[index] as number) * FEATURES;
    const two = (rows[index + 1] as number) * FEATURES;
    const three = (rows[index + 2] as number) * FEATURES;
    const four = (rows[index + 3] as number) * FEATURES;
    for (let k = 0; k < FEATURES; k++) {
      const first = (vectors[one + k] as number) + (vectors[two + k] as number);
      const second = (vectors[three + k] as number) + (vectors[four + k] as number);
      target[k] = (target[k] as number) + (first + second);
    }
  }
  for (; index < count; index++) {
    const at = (rows[index] as number) * FEATURES;
    for (let k = 0; k < FEATURES; k++) target[k] = (target[k] as number) + (vectors[at + k] as number);
  }
}

function lengthOf(vector: Float64Array): number {
  let squares = 0;
  for (let k = 0; k < FEATURES; k++) squares += (vector[k] as number) * (vector[k] as number);
  return Math.sqrt(squares);
}
