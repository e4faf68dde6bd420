/** A straight line with level shifts through equally spaced values. */
export type ShiftedLine = {
  /** Mean of the values, shifts taken out. */
  readonly level: number;
  /** Per interval. */
  readonly slope: number;
  readonly slopeError: number;
  /** Rms distance from the line, per degree of freedom. */
  readonly scatter: number;
  readonly shifts: number;
  /** Indices of the values in which they fall. */
  readonly shiftsAt: readonly number[];
};

const MOST_SHIFTS = 2;
/** A shift must explain this part of the squares that the line leaves. */
const EXPLAINED = 0.6;

/**
 * Least squares with up to two shifts, each taken only when it explains most of what is left: another load on the circuit
 * that changed a little must not pass for drift. Values that are NaN are left out.
 *
 * Undefined with fewer than six values.
 */
export function shiftedLine(values: ArrayLike<number>, mostShifts = MOST_SHIFTS): ShiftedLine | undefined {
  const times: number[] = [];
  const known: number[] = [];
  for (let k = 0; k < values.length; k++) {
    if (Number.isNaN(values[k])) continue;
    times.push(k);
    known.push(values[k] as number);
  }
  if (known.length < 6) return undefined;
  let shifts: number[] = [];
  let best = fit(times, known, shifts);
  while (shifts.length < mostShifts && known.length > 7 + 3 * shifts.length) {
    let found: { at: number; fit: Fit } | undefined;
    for (let k = 2; k < known.length - 2; k++) {
      const at = times[k] as number;
      if (shifts.some((other) => Math.abs(other - at) < 3)) continue;
      const candidate = fit(times, known, [...shifts, at]);
      if (candidate !== undefined && (found === undefined || candidate.squares < found.fit.squares)) {
        found = { at, fit: candidate };
      }
    }
    if (found === undefined || best === undefined || found.fit.squares > (1 - EXPLAINED) * best.squares) break;
    shifts = [...shifts, found.at];
    best = found.fit;
  }
  if (best === undefined) return undefined;
  const freedom = known.length - 2 - 2 * shifts.length;
  const scatter = Math.sqrt(best.squares / freedom);
  return {
    level: best.coefficients[0] as number,
    slope: best.coefficients[1] as number,
    slopeError: scatter * Math.sqrt(best.slopeVariance),
    scatter,
    shifts: shifts.length,
    shiftsAt: shifts,
  };
}

type Fit = { readonly coefficients: readonly number[]; readonly squares: number; readonly slopeVariance: number };

/**
 * Normal equations of [1, t − t̄, step at each shift], by Gauss-Jordan; undefined when they are singular. The value in
 * which a shift falls is a mixture of both levels and is left out.
 */
function fit(times: readonly number[], values: readonly number[], shifts: readonly number[]): Fit | undefined {
  const size = 2 + shifts.length;
  const isLeftOut = (t: number): boolean => shifts.includes(t);
  const middle = times.reduce((sum, t) => sum + t, 0) / times.length;
  const matrix = Array.from({ length: size }, () => new Float64Array(2 * size + 1));
  const basis = new Float64Array(size);
  const basisAt = (t: number): void => {
    basis[0] = 1;
    basis[1] = t - middle;
    shifts.forEach((at, index) => (basis[2 + index] = t >= at ? 0.5 : -0.5));
  };
  times.forEach((t, n) => {
    if (isLeftOut(t)) return;
    basisAt(t);
    for (let row = 0; row < size; row++) {
      const line = matrix[row] as Float64Array;
      for (let col = 0; col < size; col++)
        line[col] = (line[col] as number) + (basis[row] as number) * (basis[col] as number);
      line[2 * size] = (line[2 * size] as number) + (basis[row] as number) * (values[n] as number);
    }
  });
  for (let row = 0; row < size; row++) (matrix[row] as Float64Array)[size + row] = 1;
  for (let pivot = 0; pivot < size; pivot++) {
    const line = matrix[pivot] as Float64Array;
    const divisor = line[pivot] as number;
    if (Math.abs(divisor) < 1e-9) return undefined;
    for (let col = 0; col < line.length; col++) line[col] = (line[col] as number) / divisor;
    for (let row = 0; row < size; row++) {
      if (row === pivot) continue;
      const other = matrix[row] as Float64Array;
      const factor = other[pivot] as number;
      for (let col = 0; col < line.length; col++) other[col] = (other[col] as number) - factor * (line[col] as number);
    }
  }
  const coefficients = matrix.map((line) => line[2 * size] as number);
  let squares = 0;
  times.forEach((t, n) => {
    if (isLeftOut(t)) return;
    basisAt(t);
    let rest = values[n] as number;
    for (let k = 0; k < size; k++) rest -= (coefficients[k] as number) * (basis[k] as number);
    squares += rest * rest;
  });
  return { coefficients, squares, slopeVariance: (matrix[1] as Float64Array)[size + 1] as number };
}
