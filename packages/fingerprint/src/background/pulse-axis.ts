/** Cycles around a switching as vectors, oldest first; those from `eventIndex` on belong to the new state. */
export type CycleRows = { readonly rows: readonly Float64Array[]; readonly eventIndex: number };

/** Where the background moves by itself, and how far each cycle went. */
export type PulseAxis = {
  /** Unit vector; zero when nothing moved. */
  readonly direction: Float64Array;
  /** Strength of every cycle along the direction, A rms. */
  readonly along: Float64Array;
  /** Span of the strengths within the side where it is larger. */
  readonly rangeA: number;
  /** Noise of one cycle in one column, A rms. */
  readonly noiseA: number;
};

/** The leading direction is far ahead of the next where it matters. */
const POWER_TURNS = 30;
/** Keeps ratios to the noise finite for computed waves. */
const LEAST_NOISE_A = 1e-6;

/**
 * The direction of the largest spread within the two sides: what moved there was not the switched load, which is on all
 * along one side and off all along the other. `chosen` (1 or 0 per cycle) leaves cycles out, such as those that an edge
 * of a pulse cut in two.
 */
export function pulseAxis({ rows, eventIndex }: CycleRows, chosen?: Uint8Array): PulseAxis {
  const columns = rows[0]?.length ?? 0;
  const means = [meanRow(rows, 0, eventIndex, chosen), meanRow(rows, eventIndex, rows.length, chosen)] as const;
  const spread = rows
    .map((row, cycle) => row.map((value, k) => value - (means[cycle < eventIndex ? 0 : 1][k] as number)))
    .filter((_, cycle) => chosen === undefined || chosen[cycle] === 1);
  let direction: Float64Array = new Float64Array(columns);
  for (const row of spread) if (dot(row, row) > dot(direction, direction)) direction = row;
  direction = unit(direction);
  for (let turn = 0; turn < POWER_TURNS; turn++) {
    const next = new Float64Array(columns);
    for (const row of spread) {
      const part = dot(row, direction);
      for (let k = 0; k < columns; k++) (next[k] as number) += part * (row[k] as number);
    }
    direction = unit(next);
  }
  const along = Float64Array.from(rows, (row) => dot(row, direction));
  const rangeA = Math.max(spanOf(along.subarray(0, eventIndex)), spanOf(along.subarray(eventIndex)));
  return { direction, along, rangeA, noiseA: quietNoise(rows, eventIndex) };
}

/** Neighbouring cycles mostly hold one level: the lower quartile of their distances is noise, on a ramp too. */
function quietNoise(rows: readonly Float64Array[], eventIndex: number): number {
  const squares: number[] = [];
  rows.forEach((row, cycle) => {
    const last = rows[cycle - 1];
    if (last === undefined || cycle === eventIndex) return;
    squares.push(row.reduce((sum, value, k) => sum + (value - (last[k] as number)) ** 2, 0));
  });
  squares.sort((a, b) => a - b);
  const quartile = squares[Math.floor(squares.length / 4)] ?? 0;
  return Math.sqrt(quartile / (2 * (rows[0]?.length ?? 1))) + LEAST_NOISE_A;
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += (a[k] as number) * (b[k] as number);
  return sum;
}

function unit(vector: Float64Array): Float64Array {
  const length = Math.sqrt(dot(vector, vector));
  return length > 0 ? vector.map((value) => value / length) : vector;
}

export function spanOf(values: Float64Array): number {
  return Math.max(...values) - Math.min(...values);
}

function meanRow(rows: readonly Float64Array[], from: number, to: number, chosen?: Uint8Array): Float64Array {
  const mean = new Float64Array(rows[0]?.length ?? 0);
  let count = 0;
  for (let cycle = from; cycle < to; cycle++) {
    if (chosen?.[cycle] === 0) continue;
    count++;
    (rows[cycle] as Float64Array).forEach((value, k) => ((mean[k] as number) += value));
  }
  return mean.map((sum) => sum / Math.max(1, count));
}
