import { isName } from './plain-text.ts';
import type { Rejections } from './rejections.ts';
import { readInstant, type ReportIdentity } from './report-identity.ts';
import type { Telemetry, TelemetryFlag, TelemetryRow } from './telemetry-message.ts';

export type Columns = { readonly points: readonly string[]; readonly source: readonly number[] };

/** The usable names and where each stands on the wire. */
export function readColumns(names: readonly unknown[], rejections: Rejections): Columns {
  const points: string[] = [];
  const source: number[] = [];
  const seen = new Set<string>();
  names.forEach((name, index) => {
    if (!isName(name)) return rejections.add(`#${index}`, 'invalidPointName', name);
    if (seen.has(name)) return rejections.add(name, 'duplicatePoint', index);
    seen.add(name);
    points.push(name);
    source.push(index);
  });
  return { points, source };
}

/** Instant of row i = at0 + i · periodMs; without a usable at0 or period only the rows that need none have one. */
export function readBatchInstants(
  time: { readonly at0: unknown; readonly periodMs: unknown },
  rowCount: number,
  flags: TelemetryFlag[],
): (row: number) => number | undefined {
  const at0 = readInstant(time.at0);
  if (typeof at0 === 'string') {
    flags.push(at0);
    return () => undefined;
  }
  const { periodMs } = time;
  if (typeof periodMs === 'number' && isPeriod(at0, periodMs, rowCount)) {
    return (row: number) => Math.round(at0 + row * periodMs);
  }
  if (rowCount > 1) flags.push('periodInvalid');
  return (row: number) => (row === 0 ? at0 : undefined);
}

function isPeriod(at0: number, periodMs: number, rowCount: number): boolean {
  return periodMs > 0 && typeof readInstant(at0 + rowCount * periodMs) === 'number';
}

/** Puts a decoded report together. */
export function telemetryOf(
  identity: ReportIdentity,
  points: readonly string[],
  rows: readonly TelemetryRow[],
  rejections: Rejections,
  flags: readonly TelemetryFlag[],
): Telemetry {
  const { list: rejected, count: rejectedCount } = rejections;
  return { kind: 'telemetry', ...identity, points, rows, rejected, rejectedCount, flags };
}
