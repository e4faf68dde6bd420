/** One side of a comparison: feature vectors of single cycles. */
export type Side = readonly Float64Array[];

/** What a comparison finds: the change of the mean, and its size in standard errors. */
export type Comparison = { readonly step: Float64Array; readonly score: number };

const FLOOR_A = 0.0015;
const POOLED_SHARE = 0.3;
const POWER_TURNS = 5;
const TURNED = 1e-8;

/** The score of packages/signal as its definition reads: nothing is bounded, guessed or kept. */
export function compareSides(before: Side, after: Side, leakA: number, isBestWithoutStray: boolean): Comparison {
  const means = [meanOf(before), meanOf(after)] as const;
  const step = means[1].map((value, k) => value - at(means[0], k));
  const rest = [
    ...before.map((row) => row.map((value, k) => value - at(means[0], k))),
    ...after.map((row) => row.map((value, k) => value - at(means[1], k))),
  ];
  const scatter = step.map((_, k) => rest.reduce((sum, row) => sum + at(row, k) ** 2, 0));
  const plain = { step, score: judge(step, scatter, before.length, after.length, leakA) };
  if (!isBestWithoutStray) return plain;
  const { direction, spread } = strayOf(rest);
  const along = dot(step, direction);
  const cleanStep = step.map((value, k) => value - along * at(direction, k));
  const cleanScatter = scatter.map((value, k) => Math.max(0, value - spread * at(direction, k) ** 2));
  const score = judge(cleanStep, cleanScatter, before.length, after.length, leakA);
  return score > plain.score ? { step: cleanStep, score } : plain;
}

/** Root mean square of the step's components in units of their standard errors. */
function judge(step: Float64Array, scatter: Float64Array, before: number, after: number, leakA: number): number {
  const variance = scatter.map((value) => Math.max(FLOOR_A ** 2, value / (before + after - 2)));
  const pooled = Math.exp(variance.reduce((sum, value) => sum + Math.log(value), 0) / step.length);
  const weight = (before * after) / (before + after);
  const leak = (weight * leakA ** 2) / step.length;
  const sum = step.reduce((total, value, k) => {
    return total + value ** 2 / ((1 - POOLED_SHARE) * at(variance, k) + POOLED_SHARE * pooled + leak);
  }, 0);
  return Math.sqrt((sum * weight) / step.length);
}

/** Power iteration over the scatter matrix, from the vector farthest from its side's mean. */
function strayOf(rest: readonly Float64Array[]): { direction: Float64Array; spread: number } {
  let direction = rest.reduce((far, row) => (dot(row, row) > dot(far, far) ? row : far));
  const size = direction.length;
  const matrix = Array.from({ length: size }, (_, j) =>
    Float64Array.from({ length: size }, (_, k) => rest.reduce((sum, row) => sum + at(row, j) * at(row, k), 0)),
  );
  let spread = 0;
  for (let turn = 0; turn < POWER_TURNS; turn++) {
    const turned = Float64Array.from(matrix, (row) => dot(row, direction));
    spread = Math.sqrt(dot(turned, turned));
    if (spread === 0) return { direction: new Float64Array(size), spread };
    const cosine = dot(turned, direction) / (spread * Math.sqrt(dot(direction, direction)));
    direction = turned.map((value) => value / spread);
    if (turn > 0 && cosine > 1 - TURNED) break;
  }
  return { direction, spread };
}

function meanOf(rows: Side): Float64Array {
  const [first] = rows;
  if (first === undefined) throw new Error('a side without cycles has no mean');
  return first.map((_, k) => rows.reduce((sum, row) => sum + at(row, k), 0) / rows.length);
}

export function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, k) => sum + value * at(b, k), 0);
}

export function at(values: ArrayLike<number>, index: number): number {
  const value = values[index];
  if (value === undefined) throw new Error(`index ${index} of ${values.length} values`);
  return value;
}
