/**
 * Decision trees as flat arrays, of a forest or of boosting.
 *
 * Nodes of all trees lie one after another; the left child of node n is n + 1, so only the right child is stored.
 * A row goes left where value ≤ threshold, otherwise right: a missing value (NaN) goes right.
 */
export type TreeEnsemble = {
  /** `mean`: a leaf holds class probabilities, averaged over trees. `softmax`: tree t adds a score to class t mod classCount. */
  readonly kind: 'mean' | 'softmax';
  readonly classCount: number;
  readonly columnCount: number;
  /** Scores before the first tree (softmax), one per class; zeros for `mean`. */
  readonly base: Float64Array;
  /** First node of each tree. */
  readonly roots: Int32Array;
  /** Column asked by a node; −1 marks a leaf. */
  readonly column: Int16Array;
  readonly threshold: Float32Array;
  /** Right child of a node; of a leaf: its number. */
  readonly next: Int32Array;
  /** `mean`: classCount values per leaf, sum 1. `softmax`: one value per leaf. */
  readonly leaves: Float32Array;
};

/** Class probabilities of one row into `out` (length classCount, sum 1). Allocates nothing. */
export function predictEnsemble(model: TreeEnsemble, row: ArrayLike<number>, out: Float64Array): void {
  const { kind, classCount, columnCount, roots, leaves, base } = model;
  if (row.length !== columnCount) throw new RangeError(`row has ${row.length} columns, the model ${columnCount}`);
  if (out.length !== classCount) throw new RangeError(`out has ${out.length} places, the model ${classCount} classes`);
  for (let k = 0; k < classCount; k++) out[k] = base[k] as number;
  for (let tree = 0; tree < roots.length; tree++) {
    const leaf = leafOf(model, roots[tree] as number, row);
    if (kind === 'softmax') {
      const k = tree % classCount;
      out[k] = (out[k] as number) + (leaves[leaf] as number);
    } else {
      for (let k = 0; k < classCount; k++) out[k] = (out[k] as number) + (leaves[leaf * classCount + k] as number);
    }
  }
  if (kind === 'softmax') softmax(out);
  else for (let k = 0; k < classCount; k++) out[k] = (out[k] as number) / roots.length;
}

/** exp and norm in place; subtracts the largest first so that nothing overflows. */
export function softmax(scores: Float64Array): void {
  let top = -Infinity;
  for (const score of scores) if (score > top) top = score;
  let sum = 0;
  for (let k = 0; k < scores.length; k++) {
    const value = Math.exp((scores[k] as number) - top);
    scores[k] = value;
    sum += value;
  }
  for (let k = 0; k < scores.length; k++) scores[k] = (scores[k] as number) / sum;
}

function leafOf(model: TreeEnsemble, root: number, row: ArrayLike<number>): number {
  const { column, threshold, next } = model;
  let node = root;
  for (;;) {
    const asked = column[node] as number;
    if (asked < 0) return next[node] as number;
    node = (row[asked] as number) <= (threshold[node] as number) ? node + 1 : (next[node] as number);
  }
}
