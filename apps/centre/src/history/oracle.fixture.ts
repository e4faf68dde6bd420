import type { TelemetryRow } from './telemetry-row.ts';

/** One statistic after the other of one point in one bucket, in plain words. */
export type Expected = {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly sum: number;
  readonly first: number;
  readonly firstMs: number;
  readonly last: number;
  readonly lastMs: number;
};

export const keyOf = (deviceId: string, model: string, at: number, point: number): string =>
  `${deviceId} ${model} ${new Date(at).toISOString()} ${point}`;

/** What the roll-ups of one level must hold, in whatever order the rows were stored. */
export function rollUpOf(rows: readonly TelemetryRow[], startOf: (at: number) => number): Map<string, Expected> {
  const samples = new Map<string, { at: number; value: number; start: number }[]>();
  for (const row of rows) {
    const start = startOf(row.at);
    for (const [point, value] of row.values.entries()) {
      if (value === null) continue;
      const key = keyOf(row.deviceId, row.model, start, point);
      samples.set(key, [...(samples.get(key) ?? []), { at: row.at, value, start }]);
    }
  }
  const expected = new Map<string, Expected>();
  for (const [key, list] of samples) {
    const values = list.map(({ value }) => value);
    const earliest = Math.min(...list.map(({ at }) => at));
    const latest = Math.max(...list.map(({ at }) => at));
    const start = list[0]?.start ?? 0;
    expected.set(key, {
      count: values.length,
      min: Math.min(...values),
      max: Math.max(...values),
      sum: values.reduce((sum, value) => sum + value, 0),
      first: Math.min(...list.filter(({ at }) => at === earliest).map(({ value }) => value)),
      firstMs: earliest - start,
      last: Math.max(...list.filter(({ at }) => at === latest).map(({ value }) => value)),
      lastMs: latest - start,
    });
  }
  return expected;
}
