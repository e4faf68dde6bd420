import { BIN_S } from './recent-seconds.ts';
import { shiftedLine } from './shifted-line.ts';
import { DIMENSIONS } from './step-watch.ts';

/** Sees one load in the sum of all: its size now is weights · (x − offset). */
export type MatchedFilter = {
  readonly weights: readonly number[];
  /** Mean jump between two seconds of what the filter lets through of the circuit without the load, VA. */
  readonly roughnessVa: number;
  /** Scatter of its means of 20 s, VA. */
  readonly calmVa: number;
  /** Its drift, VA per minute, and the standard error. */
  readonly driftVaPerMin: number;
  readonly driftErrorVaPerMin: number;
};

/** Noise that a reading of one second has at least: VA, and part of the value. */
const FLOOR_VA = 0.4;
const FLOOR_RATIO = 0.0005;
/** What covariance of 8 dimensions from two minutes cannot tell: a part of the variance is taken as everybody's. */
const SHRINKAGE = 0.02;
/** Below this the newest two minutes tell the drift as well. */
export const LEAST_SLOW_BINS = 7;
const JUDGED_S = 600;
/** Drift of a circuit as a part of itself per minute, standard deviation: lamps that warm, telephones that fill up. */
const USUAL_DRIFT = 0.004;
/** A growth that is the step itself asks for nothing more. */
const LEAST_BEND = 1e-6;

/**
 * The linear filter that passes the load's own step and lets through as little as possible of what the circuit did before
 * it (minimum variance, distortionless response): w = Σ⁻¹u / (uᵀΣ⁻¹u), Σ the covariance of the seconds before. A
 * television that flickers beside a charger has another direction in P, Q and the harmonics' phasors, so it is nulled
 * although it is the same kind of load.
 *
 * @param seconds readings before the step, oldest first, about two minutes
 * @param step after − before
 * @param sizeVa what the filter shall give for the step itself
 * @param used the dimensions to look at
 * @param growth how the load's dimensions move with its power, per unit of ln(power): such movement is given as one of the
 *   size as well, though pulses that widen have another shape; absent = in proportion to the step
 * @param slowBins means of 20 s since the step before this one, oldest first: for the drift, when there are enough
 */
export function matchedFilter(
  seconds: readonly Float64Array[],
  step: Float64Array,
  sizeVa: number,
  used: readonly number[],
  slowBins: readonly Float64Array[] = [],
  growth?: Float64Array,
): MatchedFilter {
  const size = used.length;
  const direction = used.map((k) => (step[k] as number) / sizeVa);
  const matrix = covariance(seconds, used);
  let trace = 0;
  for (let k = 0; k < size; k++) trace += (matrix[k] as number[])[k] as number;
  addDrift(matrix, seconds, used);
  for (let k = 0; k < size; k++) {
    const level = Math.abs(seconds.at(-1)?.[used[k] as number] ?? 0) + Math.abs(step[used[k] as number] as number);
    const row = matrix[k] as number[];
    row[k] = (row[k] as number) + (FLOOR_VA + FLOOR_RATIO * level) ** 2 + (SHRINKAGE * trace) / size;
  }
  const passed = solve(matrix, direction);
  const gain = product(passed, direction);
  let found = passed.map((value) => value / gain);
  if (growth !== undefined) {
    // What the step has beyond the growth is let through by neither: the size then follows the power.
    const bend = used.map((k, index) => (direction[index] as number) - (growth[k] as number) / sizeVa);
    const across = solve(matrix, bend);
    const coupled = product(passed, bend);
    const bends = product(across, bend);
    const rest = gain * bends - coupled * coupled;
    if (rest > LEAST_BEND * gain * bends) {
      found = passed.map((value, k) => (bends * value - coupled * (across[k] as number)) / rest);
    }
  }
  const weights = new Array<number>(DIMENSIONS).fill(0);
  used.forEach((k, index) => (weights[k] = found[index] as number));
  const leastVa = Math.sqrt(quadraticForm(matrix, found));
  return { weights, ...passedNoise(seconds, slowBins, weights, leastVa) };
}

function product(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, k) => sum + value * (b[k] as number), 0);
}

function quadraticForm(matrix: readonly (readonly number[])[], a: readonly number[]): number {
  return matrix.reduce((sum, row, k) => sum + (a[k] as number) * product(row, a), 0);
}

/** What the filter gives for a second. */
export function filtered(weights: readonly number[], x: ArrayLike<number>, offset: readonly number[]): number {
  let sum = 0;
  for (let k = 0; k < DIMENSIONS; k++) {
    const weight = weights[k] as number;
    if (weight !== 0) sum += weight * ((x[k] as number) - (offset[k] as number));
  }
  return sum;
}

function passedNoise(
  seconds: readonly Float64Array[],
  slowBins: readonly Float64Array[],
  weights: readonly number[],
  leastVa: number,
): Omit<MatchedFilter, 'weights'> {
  const zero = new Array<number>(DIMENSIONS).fill(0);
  const values = seconds.map((x) => filtered(weights, x, zero));
  const jumps = values.slice(1).map((value, k) => Math.abs(value - (values[k] as number)));
  jumps.sort((a, b) => a - b);
  // Trimmed: single steps of other loads are no roughness.
  const kept = jumps.slice(0, Math.ceil(0.95 * jumps.length));
  const roughnessVa = kept.reduce((sum, jump) => sum + jump, 0) / Math.max(1, kept.length);
  const bins = slowBins.length >= LEAST_SLOW_BINS ? slowBins.map((x) => filtered(weights, x, zero)) : meansOf(values);
  // The weights were fitted to these very seconds: the noise they promise is the least that is believed.
  return { roughnessVa, ...slowNoise(bins, Math.max(roughnessVa / Math.sqrt(BIN_S), leastVa / 3)) };
}

/** Scatter and drift of means of 20 s, oldest first; `least` is the least scatter that is believed, VA. */
export function slowNoise(bins: readonly number[], least: number): Omit<MatchedFilter, 'weights' | 'roughnessVa'> {
  const line = shiftedLine(bins);
  const levelVa = Math.abs(bins.at(-1) ?? 0);
  const calmVa = Math.max(line?.scatter ?? 0, least);
  const usual = USUAL_DRIFT * Math.max(5, levelVa);
  if (line === undefined) return { calmVa, driftVaPerMin: 0, driftErrorVaPerMin: usual };
  const error = (60 / BIN_S) * Math.max(line.slopeError, (calmVa * Math.sqrt(12)) / bins.length ** 1.5);
  // Most circuits do not drift: what a few restless bins seem to say is drawn towards 0.
  const weight = usual ** 2 / (usual ** 2 + error ** 2);
  return {
    calmVa,
    driftVaPerMin: (60 / BIN_S) * weight * line.slope,
    driftErrorVaPerMin: Math.sqrt(weight) * error,
  };
}

function meansOf(values: readonly number[]): number[] {
  const bins: number[] = [];
  for (let end = values.length; end >= BIN_S; end -= BIN_S) {
    bins.unshift(values.slice(end - BIN_S, end).reduce((sum, value) => sum + value, 0) / BIN_S);
  }
  return bins;
}

function covariance(seconds: readonly Float64Array[], used: readonly number[]): number[][] {
  const count = Math.max(1, seconds.length);
  const means = used.map((k) => seconds.reduce((sum, x) => sum + (x[k] as number), 0) / count);
  return used.map((k, row) =>
    used.map((l, col) => {
      let sum = 0;
      for (const x of seconds)
        sum += ((x[k] as number) - (means[row] as number)) * ((x[l] as number) - (means[col] as number));
      return sum / count;
    }),
  );
}

/** What drifts now goes on drifting while the load is judged: ten minutes of it count as its deviation. */
function addDrift(matrix: number[][], seconds: readonly Float64Array[], used: readonly number[]): void {
  const count = seconds.length;
  if (count < 2 * BIN_S) return;
  const middle = (count - 1) / 2;
  const squares = (count * (count * count - 1)) / 12;
  const drift = used.map((k) => {
    let sum = 0;
    for (let n = 0; n < count; n++) sum += (n - middle) * ((seconds[n] as Float64Array)[k] as number);
    return (JUDGED_S * sum) / squares;
  });
  matrix.forEach((row, k) => {
    for (let l = 0; l < row.length; l++) row[l] = (row[l] as number) + (drift[k] as number) * (drift[l] as number);
  });
}

/** Solves a symmetric positive definite system by Cholesky. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const size = right.length;
  const lower = matrix.map((row) => [...row]);
  const at = (row: number, col: number): number => (lower[row] as number[])[col] as number;
  for (let row = 0; row < size; row++) {
    for (let col = 0; col <= row; col++) {
      let sum = at(row, col);
      for (let k = 0; k < col; k++) sum -= at(row, k) * at(col, k);
      (lower[row] as number[])[col] = row === col ? Math.sqrt(Math.max(sum, 1e-12)) : sum / at(col, col);
    }
  }
  const solution = [...right];
  for (let row = 0; row < size; row++) {
    for (let k = 0; k < row; k++) solution[row] = (solution[row] as number) - at(row, k) * (solution[k] as number);
    solution[row] = (solution[row] as number) / at(row, row);
  }
  for (let row = size - 1; row >= 0; row--) {
    for (let k = row + 1; k < size; k++)
      solution[row] = (solution[row] as number) - at(k, row) * (solution[k] as number);
    solution[row] = (solution[row] as number) / at(row, row);
  }
  return solution;
}
