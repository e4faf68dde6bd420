/** Rows to learn from. Matrices are row-major: the features of row r lie at r·columnCount … (r+1)·columnCount − 1. */
export type TrainingSet = {
  readonly features: Float64Array;
  readonly rowCount: number;
  readonly columnCount: number;
  /** Class of each row, 0 … classCount − 1. */
  readonly labels: Int32Array;
  readonly classCount: number;
  /** How much a row counts, ≥ 0; absent: every row 1. */
  readonly weights?: Float64Array;
  /** House, device or recording of each row; rows of one group are kept together by folds and by the bootstrap. */
  readonly groups?: Int32Array;
};

export type TrainingSetExtras = {
  readonly weights?: ArrayLike<number>;
  readonly groups?: ArrayLike<number>;
};

/** Builds a training set from rows. Throws RangeError naming the row and what was expected. */
export function trainingSetOf(
  rows: readonly ArrayLike<number>[],
  labels: ArrayLike<number>,
  classCount: number,
  extras: TrainingSetExtras = {},
): TrainingSet {
  const first = rows[0];
  if (first === undefined) throw new RangeError('training set: no rows, expected at least one');
  const columnCount = first.length;
  if (columnCount === 0) throw new RangeError('training set: rows have no columns, expected at least one');
  checkLength('labels', labels, rows.length);
  const features = new Float64Array(rows.length * columnCount);
  rows.forEach((row, index) => {
    if (row.length !== columnCount) {
      throw new RangeError(`training set: row ${index} has ${row.length} columns, expected ${columnCount}`);
    }
    features.set(row, index * columnCount);
  });
  for (let row = 0; row < rows.length; row++) {
    const label = labels[row] as number;
    if (!Number.isInteger(label) || label < 0 || label >= classCount) {
      throw new RangeError(`training set: label ${label} of row ${row}, expected an integer 0 … ${classCount - 1}`);
    }
  }
  const set = { features, rowCount: rows.length, columnCount, labels: Int32Array.from(labels), classCount };
  return { ...set, ...checkedExtras(extras, rows.length) };
}

/** The rows named by `indices`, in that order; an index may occur more than once. */
export function subsetOf(set: TrainingSet, indices: ArrayLike<number>): TrainingSet {
  const { columnCount, classCount } = set;
  const rowCount = indices.length;
  const features = new Float64Array(rowCount * columnCount);
  const labels = new Int32Array(rowCount);
  const weights = set.weights === undefined ? undefined : new Float64Array(rowCount);
  const groups = set.groups === undefined ? undefined : new Int32Array(rowCount);
  for (let row = 0; row < rowCount; row++) {
    const from = indices[row] as number;
    if (!Number.isInteger(from) || from < 0 || from >= set.rowCount) {
      throw new RangeError(`subset: row ${from}, expected 0 … ${set.rowCount - 1}`);
    }
    features.set(set.features.subarray(from * columnCount, (from + 1) * columnCount), row * columnCount);
    labels[row] = set.labels[from] as number;
    if (weights && set.weights) weights[row] = set.weights[from] as number;
    if (groups && set.groups) groups[row] = set.groups[from] as number;
  }
  return {
    features,
    rowCount,
    columnCount,
    labels,
    classCount,
    ...(weights === undefined ? {} : { weights }),
    ...(groups === undefined ? {} : { groups }),
  };
}

/** One row as a view on the matrix: no copy. */
export function rowOf(set: TrainingSet, row: number): Float64Array {
  return set.features.subarray(row * set.columnCount, (row + 1) * set.columnCount);
}

function checkedExtras(extras: TrainingSetExtras, rowCount: number): { weights?: Float64Array; groups?: Int32Array } {
  const checked: { weights?: Float64Array; groups?: Int32Array } = {};
  if (extras.weights !== undefined) {
    checkLength('weights', extras.weights, rowCount);
    checked.weights = Float64Array.from(extras.weights);
    const bad = checked.weights.findIndex((weight) => !(weight >= 0) || weight === Infinity);
    if (bad >= 0) throw new RangeError(`training set: weight ${checked.weights[bad]} of row ${bad}, expected ≥ 0`);
  }
  if (extras.groups !== undefined) {
    checkLength('groups', extras.groups, rowCount);
    checked.groups = Int32Array.from(extras.groups);
  }
  return checked;
}

function checkLength(name: string, values: ArrayLike<number>, rowCount: number): void {
  if (values.length !== rowCount) {
    throw new RangeError(`training set: ${values.length} ${name}, expected one for each of ${rowCount} rows`);
  }
}
