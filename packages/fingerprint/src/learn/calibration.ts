/** A rising step curve: y[i] holds from x[i] on, straight between. Plain JSON. */
export type IsotonicCurve = { readonly x: readonly number[]; readonly y: readonly number[] };

/**
 * The rising curve nearest to 0/1 outcomes (pool adjacent violators; Ayer et al. 1955): score → share of hits.
 * Give it scores of rows the model was not trained on, else it learns the model's self-confidence.
 */
export function fitIsotonic(
  scores: ArrayLike<number>,
  hits: ArrayLike<number>,
  weights?: ArrayLike<number>,
): IsotonicCurve {
  if (scores.length === 0 || scores.length !== hits.length) {
    throw new RangeError(
      `isotonic: ${scores.length} scores and ${hits.length} outcomes, expected equal numbers above 0`,
    );
  }
  const order = Int32Array.from({ length: scores.length }, (_, i) => i);
  order.sort((a, b) => (scores[a] as number) - (scores[b] as number));
  const blocks: { low: number; high: number; sum: number; weight: number }[] = [];
  for (const i of order) {
    const score = scores[i] as number;
    const weight = weights?.[i] ?? 1;
    const last = blocks.at(-1);
    if (last && last.high === score) {
      last.sum += weight * (hits[i] as number);
      last.weight += weight;
    } else {
      blocks.push({ low: score, high: score, sum: weight * (hits[i] as number), weight });
    }
    mergeFallingBlocks(blocks);
  }
  const x: number[] = [];
  const y: number[] = [];
  for (const { low, high, sum, weight } of blocks) {
    for (const edge of low === high ? [low] : [low, high]) {
      x.push(edge);
      y.push(sum / weight);
    }
  }
  return { x, y };
}

/** The curve at a score, straight between its points and level beyond them. */
export function isotonicAt(curve: IsotonicCurve, score: number): number {
  const { x, y } = curve;
  const after = x.findIndex((edge) => edge >= score);
  if (after === -1) return y.at(-1) ?? NaN;
  const high = x[after] as number;
  if (after === 0 || high === score) return y[after] as number;
  const low = x[after - 1] as number;
  const share = (score - low) / (high - low);
  // Exact on a level part: a confidence there must not fall below a floor of the same value by rounding.
  const from = y[after - 1] as number;
  return from + ((y[after] as number) - from) * share;
}

/**
 * The temperature T that makes p^(1/T), normed, most likely for the labels (Guo et al. 2017): above 1 for an
 * over-confident model. Golden-section search on log T in 0.05 … 20. `probabilities`: rowCount × classCount.
 */
export function fitTemperature(
  probabilities: Float64Array,
  labels: ArrayLike<number>,
  classCount: number,
  weights?: ArrayLike<number>,
): number {
  if (labels.length === 0 || probabilities.length !== labels.length * classCount) {
    throw new RangeError(`temperature: ${probabilities.length} numbers, expected ${labels.length} × ${classCount}`);
  }
  const row = new Float64Array(classCount);
  const lossAt = (logT: number): number => {
    let loss = 0;
    for (let i = 0; i < labels.length; i++) {
      row.set(probabilities.subarray(i * classCount, (i + 1) * classCount));
      applyTemperature(row, Math.exp(logT));
      loss -= (weights?.[i] ?? 1) * Math.log(Math.max(row[labels[i] as number] as number, 1e-12));
    }
    return loss;
  };
  const golden = (Math.sqrt(5) - 1) / 2;
  let low = Math.log(0.05);
  let high = Math.log(20);
  let a = high - golden * (high - low);
  let b = low + golden * (high - low);
  let lossA = lossAt(a);
  let lossB = lossAt(b);
  while (high - low > 1e-3) {
    if (lossA < lossB) {
      high = b;
      b = a;
      lossB = lossA;
      a = high - golden * (high - low);
      lossA = lossAt(a);
    } else {
      low = a;
      a = b;
      lossA = lossB;
      b = low + golden * (high - low);
      lossB = lossAt(b);
    }
  }
  return Math.exp((low + high) / 2);
}

/** p^(1/T), normed, in place. A probability of 0 counts as 10⁻⁶: a forest that never saw it is not certain. */
export function applyTemperature(probabilities: Float64Array, temperature: number): void {
  let sum = 0;
  for (let k = 0; k < probabilities.length; k++) {
    const value = Math.max(probabilities[k] as number, 1e-6) ** (1 / temperature);
    probabilities[k] = value;
    sum += value;
  }
  for (let k = 0; k < probabilities.length; k++) probabilities[k] = (probabilities[k] as number) / sum;
}

/**
 * Expected calibration error: over equal bins of confidence 0 … 1, the mean distance between mean confidence and share
 * of hits, weighted by the bin's size (Naeini et al. 2015). NaN without rows.
 */
export function expectedCalibrationError(
  confidence: ArrayLike<number>,
  hits: ArrayLike<number>,
  binCount = 10,
): number {
  const confidenceSums = new Float64Array(binCount);
  const hitSums = new Float64Array(binCount);
  for (let i = 0; i < confidence.length; i++) {
    const value = confidence[i] as number;
    if (!(value >= 0 && value <= 1 + 1e-9)) throw new RangeError(`confidence ${value} of row ${i}, expected 0 … 1`);
    const bin = Math.min(binCount - 1, Math.floor(value * binCount));
    confidenceSums[bin] = (confidenceSums[bin] as number) + value;
    hitSums[bin] = (hitSums[bin] as number) + (hits[i] as number);
  }
  let error = 0;
  for (let bin = 0; bin < binCount; bin++)
    error += Math.abs((confidenceSums[bin] as number) - (hitSums[bin] as number));
  return error / confidence.length;
}

function mergeFallingBlocks(blocks: { low: number; high: number; sum: number; weight: number }[]): void {
  for (;;) {
    const last = blocks.at(-1);
    const before = blocks.at(-2);
    if (!last || !before || before.sum / before.weight < last.sum / last.weight) return;
    before.high = last.high;
    before.sum += last.sum;
    before.weight += last.weight;
    blocks.pop();
  }
}
