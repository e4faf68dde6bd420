import type { Registry } from '../registry/registry.ts';
import { isInScope, type Scope } from '../registry/scope.ts';
import type { Store } from '../store/store.ts';

export type SeriesRow = readonly [at: number, min: number, max: number, last: number];
export type Series = { readonly items: readonly SeriesRow[]; readonly downsampled: number };

export type SeriesQuery = {
  readonly deviceId: string;
  readonly pointId: string;
  readonly from: number;
  readonly to: number;
  readonly maxPoints: number;
};

/**
 * Values of a point between `from` (inclusive) and `to` (exclusive). More samples than `maxPoints` come as a min/max
 * envelope per bucket, never as every n-th point: a peak that raised an alarm is on the picture. Gaps have no row.
 *
 * @returns undefined when the point is not known or not in the scope.
 */
export async function readSeries(
  scope: Scope,
  store: Store,
  registry: Registry,
  query: SeriesQuery,
): Promise<Series | undefined> {
  const device = registry.device(query.deviceId);
  if (device === undefined || !isInScope(scope, device.venueId)) return undefined;
  const column = (registry.model(device.model)?.points ?? []).findIndex(({ id }) => id === query.pointId) + 1;
  if (column === 0) return undefined;
  const where = `device_id = $1 and at >= $2 and at < $3 and model = $4 and "values"[${column}] is not null`;
  const parameters = [query.deviceId, query.from, query.to, device.model];
  const counted = await store.query(`select count(*) as count from telemetry where ${where}`, parameters);
  const count = counted[0]?.['count'] as number;
  if (count <= query.maxPoints) {
    const rows = await store.query(
      `select at, "values"[${column}] as value from telemetry where ${where} order by at, received_at`,
      parameters,
    );
    return {
      items: rows.map((row): SeriesRow => {
        const value = row['value'] as number;
        return [row['at'] as number, value, value, value];
      }),
      downsampled: 1,
    };
  }
  const widthMs = Math.ceil((query.to - query.from) / query.maxPoints);
  const rows = await store.query(
    `select (at - $2) / $5 as bucket, min("values"[${column}]) as min, max("values"[${column}]) as max, ` +
      `(array_agg("values"[${column}] order by at desc, received_at desc))[1] as last ` +
      `from telemetry where ${where} group by 1 order by 1`,
    [...parameters, widthMs],
  );
  return {
    items: rows.map((row): SeriesRow => [
      query.from + (row['bucket'] as number) * widthMs,
      row['min'] as number,
      row['max'] as number,
      row['last'] as number,
    ]),
    downsampled: Math.max(2, Math.round(count / Math.max(1, rows.length))),
  };
}
