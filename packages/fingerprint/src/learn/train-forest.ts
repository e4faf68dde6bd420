import { createRandom, shuffle, type Random } from './random.ts';
import { createTreeBuilder, type TreeBuilder } from './tree-builder.ts';
import { predictEnsemble, type TreeEnsemble } from './tree-ensemble.ts';
import type { TrainingSet } from './training-set.ts';

export type ForestSettings = {
  /** `forest`: best cut of each drawn column (Breiman 2001). `extraTrees`: one random cut each (Geurts et al. 2006). */
  readonly kind: 'forest' | 'extraTrees';
  readonly treeCount: number;
  /** Columns drawn at each node; default √columnCount, rounded. */
  readonly columnsPerSplit?: number;
  /** Smallest number of rows in a leaf, default 1. */
  readonly minLeafRows?: number;
  /** Default 40. */
  readonly maxDepth?: number;
  /** What is drawn with replacement per tree: rows, whole groups, or nothing. Default: rows for a forest, else none. */
  readonly bootstrap?: 'rows' | 'groups' | 'none';
  readonly seed: number;
  /** Also give each row the mean of the trees that did not see it; needs a bootstrap. */
  readonly outOfBag?: boolean;
};

export type TrainedForest = {
  readonly model: TreeEnsemble;
  /** rowCount × classCount; a row that every tree saw is NaN. */
  readonly outOfBag?: Float64Array;
};

/** Trains a forest of classification trees on weighted Gini impurity. Same set, settings and seed: same model. */
export function trainForest(set: TrainingSet, settings: ForestSettings): TrainedForest {
  const random = createRandom(settings.seed);
  const bootstrap = settings.bootstrap ?? (settings.kind === 'forest' ? 'rows' : 'none');
  if (bootstrap === 'groups' && set.groups === undefined) throw new RangeError('bootstrap groups: the set has none');
  if (!(settings.treeCount >= 1)) throw new RangeError(`treeCount: ${settings.treeCount}, expected at least 1`);
  const builder = createTreeBuilder();
  const grower = createTreeGrower(set, settings, random, builder);
  const drawn: Float64Array[] = [];
  for (let tree = 0; tree < settings.treeCount; tree++) {
    const weights = drawWeights(set, bootstrap, random);
    builder.startTree();
    grower(weights);
    if (settings.outOfBag) drawn.push(weights);
  }
  const model = builder.build('mean', set.classCount, set.columnCount, new Float64Array(set.classCount));
  return settings.outOfBag ? { model, outOfBag: outOfBagMeans(set, model, drawn) } : { model };
}

function drawWeights(set: TrainingSet, bootstrap: 'rows' | 'groups' | 'none', random: Random): Float64Array {
  const { rowCount, groups } = set;
  const weights = set.weights === undefined ? new Float64Array(rowCount).fill(1) : Float64Array.from(set.weights);
  if (bootstrap === 'none') return weights;
  const times = new Map<number, number>();
  const units = bootstrap === 'groups' && groups ? [...new Set(groups)] : Array.from({ length: rowCount }, (_, r) => r);
  for (let i = 0; i < units.length; i++) {
    const unit = units[Math.floor(random() * units.length)] as number;
    times.set(unit, (times.get(unit) ?? 0) + 1);
  }
  for (let row = 0; row < rowCount; row++) {
    const unit = bootstrap === 'groups' && groups ? (groups[row] as number) : row;
    weights[row] = (weights[row] as number) * (times.get(unit) ?? 0);
  }
  return weights;
}

/** Grows one tree per call on the rows whose weight is above 0. Buffers are shared between calls. */
function createTreeGrower(
  set: TrainingSet,
  settings: ForestSettings,
  random: Random,
  builder: TreeBuilder,
): (weights: Float64Array) => void {
  const { features, columnCount, rowCount, labels, classCount } = set;
  const columnsPerSplit = Math.min(columnCount, settings.columnsPerSplit ?? Math.round(Math.sqrt(columnCount)));
  const minLeafRows = settings.minLeafRows ?? 1;
  const maxDepth = settings.maxDepth ?? 40;
  const ranks = settings.kind === 'forest' ? rankColumns(set) : undefined;
  const rows = new Int32Array(rowCount);
  const spare = new Int32Array(rowCount);
  // Sorting unsigned integers is faster; rank and row together must fit into 32 bits.
  const keys = rowCount <= 65536 ? new Uint32Array(rowCount) : new Float64Array(rowCount);
  const columns = Int32Array.from({ length: columnCount }, (_, column) => column);
  const total = new Float64Array(classCount);
  const left = new Float64Array(classCount);
  let weights: Float64Array = new Float64Array(0);

  return (treeWeights) => {
    weights = treeWeights;
    let used = 0;
    for (let row = 0; row < rowCount; row++) if ((weights[row] as number) > 0) rows[used++] = row;
    if (used === 0) throw new RangeError('training set: every weight is 0');
    grow(0, used, 0);
  };

  function grow(start: number, end: number, depth: number): void {
    total.fill(0);
    let sum = 0;
    for (let i = start; i < end; i++) {
      const row = rows[i] as number;
      total[labels[row] as number] = (total[labels[row] as number] as number) + (weights[row] as number);
      sum += weights[row] as number;
    }
    const isPure = total.some((weight) => weight >= sum * (1 - 1e-12));
    const cut = isPure || depth >= maxDepth || end - start < 2 * minLeafRows ? undefined : bestCut(start, end, sum);
    if (cut === undefined) {
      builder.leaf(total.map((weight) => weight / sum));
      return;
    }
    const middle = partition(start, end, cut.column, cut.threshold);
    const node = builder.split(cut.column, cut.threshold);
    grow(start, middle, depth + 1);
    builder.startRight(node);
    grow(middle, end, depth + 1);
  }

  /** Draws columns until `columnsPerSplit` that can be cut were tried. */
  function bestCut(start: number, end: number, sum: number): { column: number; threshold: number } | undefined {
    let best: { column: number; threshold: number } | undefined;
    let bestScore = -Infinity;
    let tried = 0;
    shuffle(columns, random);
    for (let c = 0; c < columnCount && tried < columnsPerSplit; c++) {
      const column = columns[c] as number;
      const found = ranks ? cutByRank(start, end, sum, column) : cutAtRandom(start, end, sum, column);
      if (found === undefined) continue;
      tried++;
      if (found.score > bestScore) {
        bestScore = found.score;
        best = { column, threshold: found.threshold };
      }
    }
    return best;
  }

  /** Σ of squared class weights over the weight of each side: the larger, the lower the weighted Gini impurity. */
  function scoreOf(leftSum: number, sum: number): number {
    let a = 0;
    let b = 0;
    for (let k = 0; k < classCount; k++) {
      const inLeft = left[k] as number;
      const inRight = (total[k] as number) - inLeft;
      a += inLeft * inLeft;
      b += inRight * inRight;
    }
    return a / leftSum + b / (sum - leftSum);
  }

  function cutAtRandom(start: number, end: number, sum: number, column: number) {
    let low = Infinity;
    let high = -Infinity;
    for (let i = start; i < end; i++) {
      const value = features[(rows[i] as number) * columnCount + column] as number;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (!(high > low)) return undefined;
    // float32 as stored in the model: the row must go the same way in training and in use.
    const threshold = Math.fround(low + random() * (high - low));
    left.fill(0);
    let leftSum = 0;
    let leftRows = 0;
    for (let i = start; i < end; i++) {
      const row = rows[i] as number;
      if ((features[row * columnCount + column] as number) <= threshold) {
        const weight = weights[row] as number;
        left[labels[row] as number] = (left[labels[row] as number] as number) + weight;
        leftSum += weight;
        leftRows++;
      }
    }
    if (leftRows < minLeafRows || end - start - leftRows < minLeafRows) return undefined;
    return { threshold, score: scoreOf(leftSum, sum) };
  }

  function cutByRank(start: number, end: number, sum: number, column: number) {
    const count = end - start;
    const rank = ranks?.[column] as Int32Array;
    for (let i = 0; i < count; i++) {
      const row = rows[start + i] as number;
      keys[i] = (rank[row] as number) * rowCount + row;
    }
    const sorted = keys.subarray(0, count).sort();
    const valueAt = (i: number): number =>
      features[((sorted[i] as number) % rowCount) * columnCount + column] as number;
    left.fill(0);
    let leftSum = 0;
    let bestScore = -Infinity;
    let bestThreshold = NaN;
    for (let i = 0; i < count - 1; i++) {
      const row = (sorted[i] as number) % rowCount;
      const weight = weights[row] as number;
      left[labels[row] as number] = (left[labels[row] as number] as number) + weight;
      leftSum += weight;
      if (i + 1 < minLeafRows || count - i - 1 < minLeafRows) continue;
      const after = (sorted[i + 1] as number) % rowCount;
      if (rank[row] === rank[after]) continue;
      const score = scoreOf(leftSum, sum);
      if (score <= bestScore) continue;
      const here = valueAt(i);
      const there = valueAt(i + 1);
      const threshold = Number.isNaN(there) ? Math.fround(here) : Math.fround((here + there) / 2);
      if (!(here <= threshold) || there <= threshold) continue;
      bestScore = score;
      bestThreshold = threshold;
    }
    return bestScore === -Infinity ? undefined : { threshold: bestThreshold, score: bestScore };
  }

  function partition(start: number, end: number, column: number, threshold: number): number {
    let kept = start;
    let moved = 0;
    for (let i = start; i < end; i++) {
      const row = rows[i] as number;
      if ((features[row * columnCount + column] as number) <= threshold) rows[kept++] = row;
      else spare[moved++] = row;
    }
    rows.set(spare.subarray(0, moved), kept);
    return kept;
  }
}

/** Per column the rank of each row, equal values sharing one; NaN ranks last. Sorting ranks is faster than values. */
function rankColumns(set: TrainingSet): Int32Array[] {
  const { features, rowCount, columnCount } = set;
  return Array.from({ length: columnCount }, (_, column) => {
    const values = new Float64Array(rowCount);
    for (let row = 0; row < rowCount; row++) values[row] = features[row * columnCount + column] as number;
    const distinct = new Map<number, number>();
    for (const value of Float64Array.from(values).sort()) if (!distinct.has(value)) distinct.set(value, distinct.size);
    return Int32Array.from(values, (value) => distinct.get(value) ?? 0);
  });
}

function outOfBagMeans(set: TrainingSet, model: TreeEnsemble, drawn: readonly Float64Array[]): Float64Array {
  const { rowCount, classCount, columnCount } = set;
  const means = new Float64Array(rowCount * classCount);
  const seen = new Int32Array(rowCount);
  const out = new Float64Array(classCount);
  drawn.forEach((weights, tree) => {
    const single: TreeEnsemble = { ...model, roots: model.roots.subarray(tree, tree + 1) };
    for (let row = 0; row < rowCount; row++) {
      if ((weights[row] as number) > 0) continue;
      predictEnsemble(single, set.features.subarray(row * columnCount, (row + 1) * columnCount), out);
      for (let k = 0; k < classCount; k++) {
        means[row * classCount + k] = (means[row * classCount + k] as number) + (out[k] as number);
      }
      seen[row] = (seen[row] as number) + 1;
    }
  });
  for (let i = 0; i < means.length; i++) means[i] = (means[i] as number) / (seen[Math.floor(i / classCount)] as number);
  return means;
}
