import { applyColumnScale, fitColumnScale, type ColumnScale } from './column-scale.ts';
import { rowOf, type TrainingSet } from './training-set.ts';

/** Training rows kept for distances. Scaled, row-major. */
export type Neighbours = {
  readonly scale: ColumnScale;
  readonly columnCount: number;
  readonly rows: Float64Array;
  readonly labels: Int32Array;
  /** Group of each row, all different when the set had none. */
  readonly groups: Int32Array;
  /** Which group counts as the neighbour: the k-th nearest one. */
  readonly k: number;
  /** Typical distance inside each class, measured from one group to the others; NaN where a class has too few groups. */
  readonly classDistance: Float64Array;
};

export type NeighbourDistance = {
  /** Distance to the k-th nearest group, each group by its nearest row. */
  readonly distance: number;
  /** Class of the nearest row. */
  readonly nearestClass: number;
  /** distance / typical distance inside that class: above about 2, the row lies outside what was learned. */
  readonly ratio: number;
};

/**
 * Keeps the rows (standardised) to tell how far a new row lies from all of them. Distances go from group to group, for
 * repeats of one device lie upon each other and would make every other device look new.
 */
export function trainNeighbours(set: TrainingSet, settings: { readonly k: number }): Neighbours {
  const { rowCount, columnCount, classCount } = set;
  if (!(settings.k >= 1)) throw new RangeError(`k: ${settings.k}, expected at least 1`);
  const scale = fitColumnScale(set);
  const rows = new Float64Array(rowCount * columnCount);
  for (let row = 0; row < rowCount; row++) {
    applyColumnScale(scale, rowOf(set, row), rows.subarray(row * columnCount, (row + 1) * columnCount));
  }
  const groups = set.groups ?? Int32Array.from({ length: rowCount }, (_, row) => row);
  const model = { scale, columnCount, rows, labels: set.labels, groups, k: settings.k };
  const found: number[][] = Array.from({ length: classCount }, () => []);
  const nothing = new Float64Array(classCount).fill(NaN);
  for (let row = 0; row < rowCount; row++) {
    const own = groups[row] as number;
    const from = rows.subarray(row * columnCount, (row + 1) * columnCount);
    const { distance } = nearest({ ...model, classDistance: nothing }, from, own, set.labels[row]);
    if (Number.isFinite(distance)) found[set.labels[row] as number]?.push(distance);
  }
  return { ...model, classDistance: Float64Array.from(found, (distances) => median(distances)) };
}

/** How far the row lies from what was learned. A row with missing values is compared at the column's middle. */
export function neighbourDistance(model: Neighbours, row: ArrayLike<number>): NeighbourDistance {
  const scaled = new Float64Array(model.columnCount);
  applyColumnScale(model.scale, row, scaled);
  return nearest(model, scaled);
}

function nearest(model: Neighbours, scaled: Float64Array, leftOut?: number, onlyClass?: number): NeighbourDistance {
  const { rows, labels, groups, columnCount, k, classDistance } = model;
  const byGroup = new Map<number, number>();
  let best = Infinity;
  let nearestClass = -1;
  for (let row = 0; row < labels.length; row++) {
    const group = groups[row] as number;
    if (group === leftOut || (onlyClass !== undefined && labels[row] !== onlyClass)) continue;
    let squares = 0;
    for (let c = 0; c < columnCount; c++)
      squares += ((scaled[c] as number) - (rows[row * columnCount + c] as number)) ** 2;
    if (squares < (byGroup.get(group) ?? Infinity)) byGroup.set(group, squares);
    if (squares < best) {
      best = squares;
      nearestClass = labels[row] as number;
    }
  }
  const sorted = Float64Array.from(byGroup.values()).sort();
  const distance = Math.sqrt(sorted[Math.min(k, sorted.length) - 1] ?? Infinity);
  return { distance, nearestClass, ratio: distance / (classDistance[nearestClass] ?? NaN) };
}

function median(values: number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return NaN;
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
