import { pulseGrowth } from './pulse-growth.ts';
import { DIMENSIONS, SHAPE_END } from './step-watch.ts';

/** Dimensions of a second that the course of a rectifier is seen in: P, Q and the harmonics; of `DIMENSIONS` all but D. */
export const SEEN: readonly number[] = Array.from({ length: DIMENSIONS }, (_, k) => k).filter((k) => k !== 2);
const SIZE = SEEN.length;
/** Harmonics 3, 5 and 7, which the load's own movement is seen in. */
const HARMONICS = SHAPE_END - 3;

/** Sums over seconds of one second's own deviation: `SIZE` × `SIZE` products, row by row, and their number. Plain JSON. */
export type Scatter = { products: number[]; count: number };

/** What is known of a load's step and of the circuit around it. */
export type CourseFilterInput = {
  readonly activePowerW: number;
  readonly harmonicsVa: readonly number[];
  /** Seconds before the switch-on, around their mean. */
  readonly before: Scatter;
  /** Jumps from second to second since. */
  readonly jumps: Scatter;
  /** P of everything else, W: noise grows with it. */
  readonly othersW: number;
};

/** Sees how the power of one rectifier moves in a circuit of others. */
export type CourseFilter = {
  /** Power now, W, from a second's dimensions `SEEN` less the level around the load; `referenceW` is to be added. */
  readonly weights: Float64Array;
  readonly referenceW: number;
  /** What is seen of other loads, one row of `SIZE` weights each: 0 for the load itself, whatever it draws. */
  readonly others: readonly Float64Array[];
  /** Covariance of the part of `others` that may still be in the power. */
  readonly coupling: readonly Float64Array[];
};

/** Noise of one second: VA, and part of all power. */
const FLOOR_VA = 0.3;
const FLOOR_RATIO = 3e-4;
/** Seconds of a screen that count as one independent look, and jumps. */
const CORRELATED_S = 6;
const CORRELATED_JUMPS = 3;
/** Another rectifier's movement points anywhere: as much of it along this load's as across. */
const UNKNOWN_HARMONICS = 1;
/** A heater or a motor carries the voltage's harmonics, some per cent of its power. */
const UNKNOWN_POWER = 0.03;
const UNKNOWN_REACTIVE = 0.02;
/** What was learned holds to this part: pulses bend as their load moves on. */
const UNLEARNED = 0.2;
/** Part of the looks that a circuit standing still counts for: a telephone that fills up moves too slowly to be seen before. */
const STILL_LOOKS = 0.2;

export function emptyScatter(): Scatter {
  return { products: new Array<number>(SIZE * SIZE).fill(0), count: 0 };
}

/** Adds the products of a deviation (`DIMENSIONS` numbers). */
export function scatter(into: Scatter, deviation: ArrayLike<number>): void {
  const { products } = into;
  for (let row = 0; row < SIZE; row++) {
    const own = deviation[SEEN[row] as number] as number;
    for (let col = 0; col < SIZE; col++) {
      products[row * SIZE + col] =
        (products[row * SIZE + col] as number) + own * (deviation[SEEN[col] as number] as number);
    }
  }
  into.count++;
}

/**
 * The movement of a load's own power is known in direction (`pulseGrowth`); five directions across it, and the power and
 * reactive power that do not fit it, show other loads. How much of these leaks into it is learned from the seconds before
 * the load came on and from the jumps since, as Bayesian regression with a wide prior. What remains unknown of the leak is
 * told as covariance, so that a drift of others makes the course uncertain and not wrong.
 */
export function courseFilter(input: CourseFilterInput): CourseFilter {
  const { activePowerW, harmonicsVa, before, jumps, othersW } = input;
  const growth = pulseGrowth(harmonicsVa);
  const own = growth.harmonicsVa.subarray(0, HARMONICS);
  const square = own.reduce((sum, value) => sum + value * value, 0);
  const first = new Float64Array(SIZE);
  for (let k = 0; k < HARMONICS; k++) first[2 + k] = (activePowerW * (own[k] as number)) / square;
  const others: Float64Array[] = complement(own).map((direction) => {
    const row = new Float64Array(SIZE);
    row.set(direction, 2);
    return row;
  });
  const power = first.map((weight) => -weight);
  power[0] = 1;
  const reactive = first.map((weight) => -growth.reactiveRatio * weight);
  reactive[1] = 1;
  others.push(power, reactive, ...higher(first, growth.harmonicsVa, harmonicsVa, activePowerW));
  const length = Math.sqrt(square);
  const prior = others.map((_, index) => {
    if (index < HARMONICS - 1) return (UNKNOWN_HARMONICS * activePowerW) / length;
    if (index > HARMONICS) return (UNKNOWN_HARMONICS * activePowerW) / length;
    return index === HARMONICS - 1 ? UNKNOWN_POWER : UNKNOWN_REACTIVE;
  });
  const floor = (FLOOR_VA + FLOOR_RATIO * (Math.abs(othersW) + activePowerW)) ** 2;
  const learned = learn(first, others, prior, before, jumps, floor);
  const weights = Float64Array.from(first, (weight, k) =>
    others.reduce((sum, row, index) => sum + (learned.coefficients[index] as number) * (row[k] as number), weight),
  );
  let step = 0;
  for (let k = 0; k < harmonicsVa.length; k++) step += (weights[2 + k] as number) * (harmonicsVa[k] as number);
  return { weights, referenceW: activePowerW - step, others, coupling: learned.covariance };
}

/** What is seen of other loads in each component of the higher harmonics, where these are told. */
function higher(
  first: Float64Array,
  growthVa: Float64Array,
  harmonicsVa: readonly number[],
  activePowerW: number,
): readonly Float64Array[] {
  const rows: Float64Array[] = [];
  for (let k = HARMONICS; k < harmonicsVa.length; k++) {
    if (harmonicsVa[k] === 0) continue;
    const row = first.map((weight) => (-weight * (growthVa[k] as number)) / activePowerW);
    row[2 + k] = 1;
    rows.push(row);
  }
  return rows;
}

/** Directions across one of six dimensions, orthonormal (Householder). */
function complement(direction: Float64Array): readonly Float64Array[] {
  const size = direction.length;
  const length = Math.sqrt(direction.reduce((sum, value) => sum + value * value, 0));
  const mirror = direction.map((value) => value / length);
  const sign = (mirror[0] as number) >= 0 ? 1 : -1;
  mirror[0] = (mirror[0] as number) + sign;
  const half = mirror.reduce((sum, value) => sum + value * value, 0) / 2;
  return Array.from({ length: size - 1 }, (_, index) => {
    const row = new Float64Array(size);
    row[index + 1] = 1;
    const along = mirror[index + 1] as number;
    return row.map((value, k) => value - (along * (mirror[k] as number)) / half);
  });
}

type Learned = { readonly coefficients: Float64Array; readonly covariance: readonly Float64Array[] };

/** Regression of what `first` lets through on the others: coefficients that cancel it, and what stays unknown of them. */
function learn(
  first: Float64Array,
  others: readonly Float64Array[],
  prior: readonly number[],
  before: Scatter,
  jumps: Scatter,
  floor: number,
): Learned {
  const size = others.length;
  const looks = lookedAt(before, jumps, floor);
  const spread = (a: Float64Array, b: Float64Array): number => quadratic(looks.products, a, b);
  const zz = others.map((a) => Float64Array.from(others, (b) => spread(a, b)));
  const zy = Float64Array.from(others, (a) => spread(a, first));
  const yy = spread(first, first);
  let variance = floor * dot(first, first);
  let coefficients = new Float64Array(size);
  let inverse: readonly Float64Array[] = [];
  for (let round = 0; round < 3; round++) {
    const normal = zz.map((row, k) =>
      row.map((value, l) => value / variance + (k === l ? (prior[k] as number) ** -2 : 0)),
    );
    inverse = inverseOf(normal);
    coefficients = Float64Array.from(inverse, (row) => -dot(row, zy) / variance);
    let left = yy;
    for (let k = 0; k < size; k++) {
      const c = coefficients[k] as number;
      left += 2 * c * (zy[k] as number) + c * dot(zz[k] as Float64Array, coefficients);
    }
    const residual = left / Math.max(1, looks.count);
    variance = Math.max(floor * dot(first, first), residual);
  }
  const covariance = inverse.map((row, k) =>
    row.map((value, l) => value + (k === l ? (UNLEARNED * (prior[k] as number)) ** 2 : 0)),
  );
  return { coefficients, covariance };
}

/**
 * Both scatters as so many independent looks. A part of the noise counts as looked at: a circuit that stood still for
 * minutes is believed to hold less that will move.
 */
function lookedAt(before: Scatter, jumps: Scatter, floor: number): Scatter {
  const products = before.products.map(
    (value, k) => value / CORRELATED_S + (jumps.products[k] as number) / CORRELATED_JUMPS,
  );
  const count = before.count / CORRELATED_S + jumps.count / CORRELATED_JUMPS;
  for (let k = 0; k < SIZE; k++)
    products[k * SIZE + k] = (products[k * SIZE + k] as number) + STILL_LOOKS * count * floor;
  return { products, count };
}

/** aᵀPb of the products. */
export function quadratic(products: readonly number[], a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let row = 0; row < SIZE; row++) {
    let inner = 0;
    for (let col = 0; col < SIZE; col++) inner += (products[row * SIZE + col] as number) * (b[col] as number);
    sum += (a[row] as number) * inner;
  }
  return sum;
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += (a[k] as number) * (b[k] as number);
  return sum;
}

/** Inverse of a symmetric positive definite matrix, by Gauss-Jordan. */
function inverseOf(matrix: readonly Float64Array[]): readonly Float64Array[] {
  const size = matrix.length;
  const work = matrix.map((row, k) => {
    const line = new Float64Array(2 * size);
    line.set(row);
    line[size + k] = 1;
    return line;
  });
  for (let pivot = 0; pivot < size; pivot++) {
    const line = work[pivot] as Float64Array;
    const divisor = line[pivot] as number;
    for (let col = 0; col < 2 * size; col++) line[col] = (line[col] as number) / divisor;
    for (let row = 0; row < size; row++) {
      if (row === pivot) continue;
      const other = work[row] as Float64Array;
      const factor = other[pivot] as number;
      if (factor === 0) continue;
      for (let col = 0; col < 2 * size; col++) other[col] = (other[col] as number) - factor * (line[col] as number);
    }
  }
  return work.map((line) => line.slice(size));
}

/** Lower triangular factor of a symmetric positive definite matrix. */
export function cholesky(matrix: readonly Float64Array[]): readonly Float64Array[] {
  const lower = matrix.map((row) => new Float64Array(row.length));
  matrix.forEach((row, i) => {
    const own = lower[i] as Float64Array;
    for (let j = 0; j <= i; j++) {
      const other = lower[j] as Float64Array;
      let sum = row[j] as number;
      for (let k = 0; k < j; k++) sum -= (own[k] as number) * (other[k] as number);
      own[j] = i === j ? Math.sqrt(Math.max(sum, 0)) : sum / Math.max(other[j] as number, 1e-12);
    }
  });
  return lower;
}
