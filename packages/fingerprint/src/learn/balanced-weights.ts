import type { TrainingSet } from './training-set.ts';

export type BalancedWeightsSettings = {
  /** 0: classes count as often as they occur; 1: every class counts alike; between: share^(−classPower). */
  readonly classPower: number;
  /**
   * How much repeats of one (group, class) pair are discounted: a pair with n rows counts n^(1 − repeatPower) in total.
   * 0: every row counts 1. 1: the pair counts 1, for repeats of one device are nearly the same row.
   */
  readonly repeatPower: number;
};

/** Row weights that undo unequal classes and repeated recordings of one device. Their mean is 1. */
export function balancedWeights(set: TrainingSet, settings: BalancedWeightsSettings): Float64Array {
  const { rowCount, labels, groups, classCount } = set;
  const { classPower, repeatPower } = settings;
  checkShare('classPower', classPower);
  checkShare('repeatPower', repeatPower);
  const weights = new Float64Array(rowCount).fill(1);
  if (groups && repeatPower > 0) {
    const repeats = new Map<number, number>();
    const pairOf = (row: number): number => (groups[row] as number) * classCount + (labels[row] as number);
    for (let row = 0; row < rowCount; row++) repeats.set(pairOf(row), (repeats.get(pairOf(row)) ?? 0) + 1);
    for (let row = 0; row < rowCount; row++) weights[row] = (repeats.get(pairOf(row)) ?? 1) ** -repeatPower;
  }
  const totals = new Float64Array(classCount);
  for (let row = 0; row < rowCount; row++) addAt(totals, labels[row] as number, weights[row] as number);
  let sum = 0;
  for (let row = 0; row < rowCount; row++) {
    const scaled = (weights[row] as number) * (totals[labels[row] as number] as number) ** -classPower;
    weights[row] = scaled;
    sum += scaled;
  }
  for (let row = 0; row < rowCount; row++) weights[row] = ((weights[row] as number) * rowCount) / sum;
  return weights;
}

function addAt(values: Float64Array, index: number, value: number): void {
  values[index] = (values[index] as number) + value;
}

function checkShare(name: string, value: number): void {
  if (!(value >= 0 && value <= 1)) throw new RangeError(`${name}: ${value}, expected 0 … 1`);
}
