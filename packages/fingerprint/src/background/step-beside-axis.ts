/** What the switched load adds in every column but along the axis, and which cycles told it. */
export type StepBesideAxis = {
  readonly step: Float64Array;
  /** 0 … 1 per cycle. */
  readonly weights: Float64Array;
  /** Noise of one cycle in one column, A rms. */
  readonly noiseA: number;
};

/** What is asked: rows without their part along the axis, and the background's own strength in each. */
export type StepQuestion = {
  readonly rows: readonly Float64Array[];
  readonly eventIndex: number;
  /** Strength of the background along the axis, the load taken away; undefined when nothing pulses. */
  readonly backgroundA: Float64Array | undefined;
  /** 1 for cycles to learn from, 0 for those that an edge cut. */
  readonly chosen: Uint8Array;
  /** Whether the background may bend away from its axis on the way: ramps. */
  readonly hasRamps: boolean;
};

const TURNS = 4;
/** Residuals up to this multiple of their median count in full … */
const FULL_MEDIANS = 1.5;
/** … and fade by the square up to this multiple of that; beyond they hardly count. */
const LEAST_FADED = 4;
const FAR_WEIGHT = 0.01;
/** Cycles that the background's own course has to be worth: without any pulse in sight it stays undecided. */
const RIDGE = 0.02;

/**
 * Analysis of covariance: each column is a constant, a step at the switching, and a straight (with ramps: a quadratic)
 * course over the background's strength; least squares with residuals far from the median counting little.
 */
export function stepBesideAxis(question: StepQuestion): StepBesideAxis {
  const { rows, chosen } = question;
  const columns = rows[0]?.length ?? 0;
  const design = designOf(question);
  let weights = Float64Array.from(chosen);
  let coefficients: Float64Array[] = [];
  let residuals = new Float64Array(rows.length);
  for (let turn = 0; turn < TURNS; turn++) {
    coefficients = leastSquares(design, rows, weights);
    residuals = Float64Array.from(rows, (row, cycle) => {
      let squares = 0;
      for (let k = 0; k < columns; k++) {
        let fitted = 0;
        (design[cycle] as Float64Array).forEach((value, n) => {
          fitted += value * (coefficients[n]?.[k] as number);
        });
        squares += ((row[k] as number) - fitted) ** 2;
      }
      return Math.sqrt(squares);
    });
    if (turn === TURNS - 1) break;
    const sorted = Float64Array.from(residuals).sort();
    const scale = FULL_MEDIANS * ((sorted[sorted.length >> 1] as number) + 1e-9);
    weights = weights.map((_, cycle) => (chosen[cycle] as number) * weightOf((residuals[cycle] as number) / scale));
  }
  let total = 0;
  let squares = 0;
  weights.forEach((weight, cycle) => {
    total += weight;
    squares += weight * (residuals[cycle] as number) ** 2;
  });
  return { step: coefficients[1] ?? new Float64Array(columns), weights, noiseA: Math.sqrt(squares / total / columns) };
}

function weightOf(distance: number): number {
  if (distance < 1) return 1;
  return distance < LEAST_FADED ? 1 / distance ** 2 : FAR_WEIGHT;
}

function designOf({ rows, eventIndex, backgroundA, hasRamps }: StepQuestion): Float64Array[] {
  const after = (cycle: number): number => (cycle >= eventIndex ? 1 : 0);
  if (backgroundA === undefined) return rows.map((_, cycle) => Float64Array.of(1, after(cycle)));
  const mean = backgroundA.reduce((sum, value) => sum + value, 0) / rows.length;
  const spread = Math.sqrt(backgroundA.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rows.length) || 1;
  return rows.map((_, cycle) => {
    const place = ((backgroundA[cycle] as number) - mean) / spread;
    const straight = [1, after(cycle), place];
    return Float64Array.from(hasRamps ? [...straight, place ** 2 - 1] : straight);
  });
}

/** Normal equations by Gauss–Jordan; the ridge on all but constant and step keeps them solvable. */
function leastSquares(
  design: readonly Float64Array[],
  rows: readonly Float64Array[],
  weights: Float64Array,
): Float64Array[] {
  const count = design[0]?.length ?? 0;
  const columns = rows[0]?.length ?? 0;
  const system = Array.from({ length: count }, () => new Float64Array(count + columns));
  design.forEach((terms, cycle) => {
    const weight = weights[cycle] as number;
    const row = rows[cycle] as Float64Array;
    system.forEach((equation, n) => {
      const factor = weight * (terms[n] as number);
      for (let m = 0; m < count; m++) (equation[m] as number) += factor * (terms[m] as number);
      for (let k = 0; k < columns; k++) (equation[count + k] as number) += factor * (row[k] as number);
    });
  });
  for (let n = 2; n < count; n++) ((system[n] as Float64Array)[n] as number) += RIDGE;
  system.forEach((pivotRow, n) => {
    const pivot = pivotRow[n] as number;
    system.forEach((equation, other) => {
      if (other === n) return;
      const factor = (equation[n] as number) / pivot;
      for (let k = n; k < count + columns; k++) (equation[k] as number) -= factor * (pivotRow[k] as number);
    });
  });
  return system.map((equation, n) => equation.subarray(count).map((value) => value / (equation[n] as number)));
}
