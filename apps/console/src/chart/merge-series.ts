import type { SeriesRow } from '../api/resources.ts';

/**
 * One column of a chart. `undefined` = no row of this series at that instant (the line goes on to its next row),
 * `null` = a gap (the line breaks). The difference is uPlot's own.
 */
export type Column = (number | null | undefined)[];

export type SeriesColumns = { readonly min: Column; readonly max: Column; readonly last: Column };

export type MergedSeries = {
  /** Rising instants, epoch **seconds**: the unit of uPlot's time axis. */
  readonly x: number[];
  readonly series: readonly SeriesColumns[];
};

export type SeriesInput = {
  readonly rows: readonly SeriesRow[];
  readonly downsampled: number;
  /** Contracted reporting interval; silent for three of them = a gap (design.md: offline). Undefined: not known. */
  readonly intervalMs?: number | undefined;
};

/**
 * Lays several series on one time axis. A gap stays a gap: where a series has no row for longer than three reporting
 * intervals (raw) or two and a half buckets (downsampled), `null` stands at every instant in between.
 */
export function mergeSeries(inputs: readonly SeriesInput[]): MergedSeries {
  const withBreaks = inputs.map((input) => breakAtGaps(input));
  const instants = new Set<number>();
  for (const rows of withBreaks) for (const { at } of rows) instants.add(at);
  const x = [...instants].sort((a, b) => a - b);
  const positions = new Map(x.map((at, index) => [at, index]));
  const series = withBreaks.map((rows) => {
    const columns = { min: blank(x.length), max: blank(x.length), last: blank(x.length) };
    let gapFrom: number | undefined;
    for (const { at, row } of rows) {
      const position = positions.get(at) ?? 0;
      // uPlot breaks a line only where null stands, so every instant of the gap gets one, those of other series too.
      if (gapFrom !== undefined) for (const column of Object.values(columns)) column.fill(null, gapFrom, position);
      gapFrom = row ? undefined : position;
      if (!row) continue;
      [, columns.min[position], columns.max[position], columns.last[position]] = row;
    }
    return columns;
  });
  return { x: x.map((at) => at / 1000), series };
}

/** Milliseconds without a row from which on a series counts as interrupted; Infinity when nothing tells. */
export function gapThresholdMs({ rows, downsampled, intervalMs }: SeriesInput): number {
  const stepMs = usualStepMs(rows);
  if (downsampled > 1) return stepMs * 2.5;
  return intervalMs !== undefined && intervalMs > 0 ? Math.max(intervalMs, stepMs) * 3 : stepMs * 3;
}

type BrokenRow = { readonly at: number; readonly row: SeriesRow | undefined };

function breakAtGaps(input: SeriesInput): BrokenRow[] {
  const thresholdMs = gapThresholdMs(input);
  const rows: BrokenRow[] = [];
  let before: number | undefined;
  for (const row of input.rows) {
    const at = row[0];
    if (before !== undefined && at - before > thresholdMs) rows.push({ at: before + 1, row: undefined });
    rows.push({ at, row });
    before = at;
  }
  return rows;
}

/** Lower quartile of the steps: what the device does when it reports, not what its silences make of it. */
function usualStepMs(rows: readonly SeriesRow[]): number {
  const steps: number[] = [];
  let before: number | undefined;
  for (const [at] of rows) {
    if (before !== undefined && at > before) steps.push(at - before);
    before = at;
  }
  steps.sort((a, b) => a - b);
  return steps[Math.floor((steps.length - 1) / 4)] ?? Number.POSITIVE_INFINITY;
}

function blank(length: number): Column {
  return Array.from<undefined>({ length });
}
