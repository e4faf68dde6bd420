import type { TrainingSet } from './training-set.ts';

/** Middle and spread of each column: (value − middle) / spread. Plain JSON. */
export type ColumnScale = { readonly middle: readonly number[]; readonly spread: readonly number[] };

/**
 * Weighted mean and standard deviation of each column, missing values left out. A column without spread gets 1, so that
 * it becomes 0 instead of NaN.
 */
export function fitColumnScale(set: TrainingSet): ColumnScale {
  const { features, rowCount, columnCount, weights } = set;
  const middle: number[] = [];
  const spread: number[] = [];
  for (let column = 0; column < columnCount; column++) {
    let count = 0;
    let sum = 0;
    for (let row = 0; row < rowCount; row++) {
      const value = features[row * columnCount + column] as number;
      if (Number.isNaN(value)) continue;
      const weight = weights?.[row] ?? 1;
      count += weight;
      sum += weight * value;
    }
    const mean = count > 0 ? sum / count : 0;
    let squares = 0;
    for (let row = 0; row < rowCount; row++) {
      const value = features[row * columnCount + column] as number;
      if (!Number.isNaN(value)) squares += (weights?.[row] ?? 1) * (value - mean) ** 2;
    }
    const deviation = Math.sqrt(squares / count);
    middle.push(mean);
    spread.push(deviation > 1e-12 * Math.max(1, Math.abs(mean)) ? deviation : 1);
  }
  return { middle, spread };
}

/** Scales a row into `out`; a missing value (NaN) becomes 0, the column's middle. */
export function applyColumnScale(scale: ColumnScale, row: ArrayLike<number>, out: Float64Array): void {
  const { middle, spread } = scale;
  if (row.length !== middle.length) throw new RangeError(`row has ${row.length} columns, the scale ${middle.length}`);
  for (let column = 0; column < row.length; column++) {
    const value = ((row[column] as number) - (middle[column] as number)) / (spread[column] as number);
    out[column] = Number.isNaN(value) ? 0 : value;
  }
}
