import { createRandom, shuffle } from './random.ts';
import { createTreeBuilder } from './tree-builder.ts';
import { softmax, type TreeEnsemble } from './tree-ensemble.ts';
import type { TrainingSet } from './training-set.ts';

export type BoostingSettings = {
  readonly roundCount: number;
  /** Step of each tree, (0, 1]. */
  readonly learningRate: number;
  readonly maxDepth: number;
  /** Smallest sum of second derivatives in a leaf, default 1. */
  readonly minLeafWeight?: number;
  /** Pull of leaf values towards 0, default 1. */
  readonly l2?: number;
  /** Share of rows (whole groups when the set has them) drawn per round without replacement, default 1. */
  readonly rowShare?: number;
  /** Share of columns drawn per tree, default 1. */
  readonly columnShare?: number;
  readonly seed: number;
};

const binLimit = 128;

/**
 * Gradient boosting for several classes: each round grows one regression tree per class on the derivatives of the
 * softmax loss, leaf values by one Newton step (Friedman 2001; Chen and Guestrin 2016). Columns are cut at ≤ 127
 * quantiles. Same set, settings and seed: same model.
 */
export function trainBoosting(set: TrainingSet, settings: BoostingSettings): TreeEnsemble {
  const { rowCount, columnCount, classCount, labels } = set;
  const { roundCount, learningRate, maxDepth, minLeafWeight = 1, l2 = 1, rowShare = 1, columnShare = 1 } = settings;
  const random = createRandom(settings.seed);
  const weights = set.weights ?? new Float64Array(rowCount).fill(1);
  const bins = binColumns(set);
  const builder = createTreeBuilder();
  const base = priorScores(set, weights);
  const scores = new Float64Array(rowCount * classCount);
  for (let row = 0; row < rowCount; row++) scores.set(base, row * classCount);
  const gradient = new Float64Array(rowCount);
  const curvature = new Float64Array(rowCount);
  const probabilities = new Float64Array(rowCount * classCount);
  const rows = new Int32Array(rowCount);
  const spare = new Int32Array(rowCount);
  const columns = Int32Array.from({ length: columnCount }, (_, column) => column);
  const columnsPerTree = Math.max(1, Math.round(columnShare * columnCount));
  const gradientSums = new Float64Array(binLimit);
  const curvatureSums = new Float64Array(binLimit);
  let currentClass = 0;

  for (let round = 0; round < roundCount; round++) {
    probabilities.set(scores);
    for (let row = 0; row < rowCount; row++) softmax(probabilities.subarray(row * classCount, (row + 1) * classCount));
    const used = drawRows(set, rowShare, random);
    for (currentClass = 0; currentClass < classCount; currentClass++) {
      for (let row = 0; row < rowCount; row++) {
        const p = probabilities[row * classCount + currentClass] as number;
        const weight = weights[row] as number;
        gradient[row] = weight * (p - (labels[row] === currentClass ? 1 : 0));
        curvature[row] = weight * Math.max(p * (1 - p), 1e-6);
      }
      if (columnsPerTree < columnCount) shuffle(columns, random);
      // Rows drawn come first and shape the tree; the others only fall through it so that their scores stay right.
      rows.set(used.order);
      builder.startTree();
      grow(0, used.drawn, used.drawn, rowCount, 0);
    }
  }
  return builder.build('softmax', classCount, columnCount, base);

  function grow(start: number, end: number, restStart: number, restEnd: number, depth: number): void {
    let gradientSum = 0;
    let curvatureSum = 0;
    for (let i = start; i < end; i++) {
      gradientSum += gradient[rows[i] as number] as number;
      curvatureSum += curvature[rows[i] as number] as number;
    }
    const cut = depth < maxDepth ? bestCut(start, end, gradientSum, curvatureSum) : undefined;
    if (cut === undefined) {
      const value = Math.fround((-learningRate * gradientSum) / (curvatureSum + l2));
      builder.leaf([value]);
      for (let i = start; i < end; i++) addScore(rows[i] as number, value);
      for (let i = restStart; i < restEnd; i++) addScore(rows[i] as number, value);
      return;
    }
    const node = builder.split(cut.column, bins.edges[cut.column]?.[cut.bin] as number);
    const middle = partition(start, end, cut);
    const restMiddle = partition(restStart, restEnd, cut);
    grow(start, middle, restStart, restMiddle, depth + 1);
    builder.startRight(node);
    grow(middle, end, restMiddle, restEnd, depth + 1);
  }

  function addScore(row: number, value: number): void {
    const place = row * classCount + currentClass;
    scores[place] = (scores[place] as number) + value;
  }

  function bestCut(start: number, end: number, gradientSum: number, curvatureSum: number) {
    let best: { column: number; bin: number } | undefined;
    let bestGain = (gradientSum * gradientSum) / (curvatureSum + l2) + 1e-9;
    for (let c = 0; c < columnsPerTree; c++) {
      const column = columns[c] as number;
      const codes = bins.codes[column] as Uint8Array;
      const binCount = (bins.edges[column] as Float32Array).length + 1;
      gradientSums.fill(0, 0, binCount);
      curvatureSums.fill(0, 0, binCount);
      for (let i = start; i < end; i++) {
        const row = rows[i] as number;
        const code = codes[row] as number;
        gradientSums[code] = (gradientSums[code] as number) + (gradient[row] as number);
        curvatureSums[code] = (curvatureSums[code] as number) + (curvature[row] as number);
      }
      let g = 0;
      let h = 0;
      for (let bin = 0; bin < binCount - 1; bin++) {
        g += gradientSums[bin] as number;
        h += curvatureSums[bin] as number;
        const otherH = curvatureSum - h;
        if (h < minLeafWeight || otherH < minLeafWeight) continue;
        const gain = (g * g) / (h + l2) + (gradientSum - g) ** 2 / (otherH + l2);
        if (gain > bestGain) {
          bestGain = gain;
          best = { column, bin };
        }
      }
    }
    return best;
  }

  function partition(start: number, end: number, cut: { column: number; bin: number }): number {
    const codes = bins.codes[cut.column] as Uint8Array;
    let kept = start;
    let moved = 0;
    for (let i = start; i < end; i++) {
      const row = rows[i] as number;
      if ((codes[row] as number) <= cut.bin) rows[kept++] = row;
      else spare[moved++] = row;
    }
    rows.set(spare.subarray(0, moved), kept);
    return kept;
  }
}

type Bins = { readonly edges: readonly Float32Array[]; readonly codes: readonly Uint8Array[] };

/** Code b of a value: the number of edges below it; so code ≤ b exactly where value ≤ edge b. NaN gets the last code. */
function binColumns(set: TrainingSet): Bins {
  const { features, rowCount, columnCount } = set;
  const edges: Float32Array[] = [];
  const codes: Uint8Array[] = [];
  for (let column = 0; column < columnCount; column++) {
    const values = Float64Array.from({ length: rowCount }, (_, row) => features[row * columnCount + column] as number);
    const distinct = [...new Set(values)].filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
    const steps = Math.min(binLimit - 1, distinct.length - 1);
    const found = new Set<number>();
    for (let step = 1; step <= steps; step++) {
      const place = Math.floor((step * distinct.length) / (steps + 1));
      found.add(Math.fround(((distinct[place - 1] as number) + (distinct[place] as number)) / 2));
    }
    const columnEdges = Float32Array.from([...found].sort((a, b) => a - b));
    edges.push(columnEdges);
    codes.push(Uint8Array.from(values, (value) => codeOf(columnEdges, value)));
  }
  return { edges, codes };
}

function codeOf(edges: Float32Array, value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= (edges[middle] as number)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function priorScores(set: TrainingSet, weights: Float64Array): Float64Array {
  const sums = new Float64Array(set.classCount);
  for (let row = 0; row < set.rowCount; row++) {
    const label = set.labels[row] as number;
    sums[label] = (sums[label] as number) + (weights[row] as number);
  }
  const total = sums.reduce((a, b) => a + b, 0);
  // Half a row for a class without rows keeps the logarithm finite.
  return sums.map((sum) => Math.log((sum + 0.5) / (total + 0.5 * set.classCount)));
}

function drawRows(set: TrainingSet, share: number, random: () => number): { order: Int32Array; drawn: number } {
  const { rowCount, groups } = set;
  const order = Int32Array.from({ length: rowCount }, (_, row) => row);
  if (share >= 1) return { order, drawn: rowCount };
  const units = groups ? Int32Array.from(new Set(groups)) : order.slice();
  shuffle(units, random);
  const kept = new Set(units.subarray(0, Math.max(1, Math.round(share * units.length))));
  const isDrawn = (row: number): boolean => kept.has(groups ? (groups[row] as number) : row);
  const drawn = order.filter(isDrawn);
  order.set(drawn);
  order.set(
    Int32Array.from({ length: rowCount }, (_, row) => row).filter((row) => !isDrawn(row)),
    drawn.length,
  );
  return { order, drawn: drawn.length };
}
