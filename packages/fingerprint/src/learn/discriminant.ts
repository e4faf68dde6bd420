import { applyColumnScale, fitColumnScale, type ColumnScale } from './column-scale.ts';
import { softmax } from './tree-ensemble.ts';
import { rowOf, type TrainingSet } from './training-set.ts';

/** Linear discriminant: a whitening of the spread within classes, and the class means in that space. Plain JSON. */
export type Discriminant = {
  readonly classCount: number;
  readonly columnCount: number;
  readonly scale: ColumnScale;
  /** columnCount × columnCount, lower triangle, row-major: inverse Cholesky factor of the shrunk within covariance. */
  readonly whitening: readonly number[];
  /** classCount × columnCount. A class without rows has NaN means and probability 0. */
  readonly means: readonly number[];
  readonly logPriors: readonly number[];
};

export type DiscriminantSettings = {
  /** 0: the measured covariance; 1: its diagonal alone. Between: needed when rows are few or columns nearly repeat. */
  readonly shrinkage: number;
};

/** Fisher's discriminant with one covariance for all classes (weighted), on standardised columns. */
export function trainDiscriminant(set: TrainingSet, settings: DiscriminantSettings): Discriminant {
  const { rowCount, columnCount, classCount, labels, weights } = set;
  const { shrinkage } = settings;
  if (!(shrinkage >= 0 && shrinkage <= 1)) throw new RangeError(`shrinkage: ${shrinkage}, expected 0 … 1`);
  const scale = fitColumnScale(set);
  const scaled = new Float64Array(rowCount * columnCount);
  for (let row = 0; row < rowCount; row++) {
    applyColumnScale(scale, rowOf(set, row), scaled.subarray(row * columnCount, (row + 1) * columnCount));
  }
  const sums = new Float64Array(classCount);
  const means = new Float64Array(classCount * columnCount);
  for (let row = 0; row < rowCount; row++) {
    const label = labels[row] as number;
    const weight = weights?.[row] ?? 1;
    sums[label] = (sums[label] as number) + weight;
    for (let c = 0; c < columnCount; c++) {
      means[label * columnCount + c] =
        (means[label * columnCount + c] as number) + weight * (scaled[row * columnCount + c] as number);
    }
  }
  for (let i = 0; i < means.length; i++)
    means[i] = (means[i] as number) / (sums[Math.floor(i / columnCount)] as number);
  const total = sums.reduce((a, b) => a + b, 0);
  const covariance = new Float64Array(columnCount * columnCount);
  const away = new Float64Array(columnCount);
  for (let row = 0; row < rowCount; row++) {
    const label = labels[row] as number;
    const weight = (weights?.[row] ?? 1) / total;
    for (let c = 0; c < columnCount; c++) {
      away[c] = (scaled[row * columnCount + c] as number) - (means[label * columnCount + c] as number);
    }
    for (let a = 0; a < columnCount; a++) {
      for (let b = 0; b <= a; b++) {
        const place = a * columnCount + b;
        covariance[place] = (covariance[place] as number) + weight * (away[a] as number) * (away[b] as number);
      }
    }
  }
  for (let a = 0; a < columnCount; a++) {
    for (let b = 0; b < a; b++) {
      covariance[a * columnCount + b] = (covariance[a * columnCount + b] as number) * (1 - shrinkage);
    }
    // A floor under the diagonal keeps columns that repeat each other from dividing by nothing.
    covariance[a * columnCount + a] = (covariance[a * columnCount + a] as number) + 1e-6;
  }
  const whitening = invertLower(cholesky(covariance, columnCount), columnCount);
  const whitenedMeans = new Float64Array(classCount * columnCount);
  for (let k = 0; k < classCount; k++) {
    const from = means.subarray(k * columnCount, (k + 1) * columnCount);
    multiplyLower(whitening, from, whitenedMeans.subarray(k * columnCount, (k + 1) * columnCount));
  }
  return {
    classCount,
    columnCount,
    scale,
    whitening: Array.from(whitening),
    means: Array.from(whitenedMeans),
    logPriors: Array.from(sums, (sum) => Math.log(sum / total)),
  };
}

/** The row in the space where every class has spread 1 in each direction, into `out` (length columnCount). */
export function whiten(model: Discriminant, row: ArrayLike<number>, out: Float64Array): void {
  const scaled = new Float64Array(model.columnCount);
  applyColumnScale(model.scale, row, scaled);
  multiplyLower(model.whitening, scaled, out);
}

/** Mahalanobis distance of the row to each class mean, into `out` (length classCount); NaN for a class without rows. */
export function mahalanobisDistances(model: Discriminant, row: ArrayLike<number>, out: Float64Array): void {
  const { classCount, columnCount, means } = model;
  const white = new Float64Array(columnCount);
  whiten(model, row, white);
  for (let k = 0; k < classCount; k++) {
    let squares = 0;
    for (let c = 0; c < columnCount; c++)
      squares += ((white[c] as number) - (means[k * columnCount + c] as number)) ** 2;
    out[k] = Math.sqrt(squares);
  }
}

/** Class probabilities under equal normal spreads, into `out` (length classCount, sum 1). */
export function discriminantProbabilities(model: Discriminant, row: ArrayLike<number>, out: Float64Array): void {
  mahalanobisDistances(model, row, out);
  for (let k = 0; k < model.classCount; k++) {
    const score = -((out[k] as number) ** 2) / 2 + (model.logPriors[k] as number);
    out[k] = Number.isNaN(score) ? -Infinity : score;
  }
  softmax(out);
}

function cholesky(matrix: Float64Array, size: number): Float64Array {
  const lower = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j] as number;
      for (let k = 0; k < j; k++) sum -= (lower[i * size + k] as number) * (lower[j * size + k] as number);
      lower[i * size + j] = i === j ? Math.sqrt(Math.max(sum, 1e-9)) : sum / (lower[j * size + j] as number);
    }
  }
  return lower;
}

function invertLower(lower: Float64Array, size: number): Float64Array {
  const inverse = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    inverse[i * size + i] = 1 / (lower[i * size + i] as number);
    for (let j = 0; j < i; j++) {
      let sum = 0;
      for (let k = j; k < i; k++) sum -= (lower[i * size + k] as number) * (inverse[k * size + j] as number);
      inverse[i * size + j] = sum / (lower[i * size + i] as number);
    }
  }
  return inverse;
}

function multiplyLower(lower: ArrayLike<number>, vector: ArrayLike<number>, out: Float64Array): void {
  const size = vector.length;
  for (let i = 0; i < size; i++) {
    let sum = 0;
    for (let j = 0; j <= i; j++) sum += (lower[i * size + j] as number) * (vector[j] as number);
    out[i] = sum;
  }
}
