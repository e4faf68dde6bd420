import type { Registry } from '../registry/registry.ts';
import type { DeviceRecord } from '../registry/registry-change.ts';
import { isInScope, type Scope } from '../registry/scope.ts';
import type { Store } from '../store/store.ts';
import { readPartSeries } from './part-series.ts';

export type SeriesRow = readonly [at: number, min: number, max: number, last: number];
export type Series = { readonly items: readonly SeriesRow[]; readonly downsampled: number };

export type SeriesQuery = {
  readonly deviceId: string;
  readonly pointId: string;
  readonly from: number;
  readonly to: number;
  readonly maxPoints: number;
  /** Also what was reported by the devices that stood in the same place before, or stand there since. */
  readonly ofPlace?: boolean;
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
  const columnOf = ({ model }: DeviceRecord): number =>
    (registry.model(model)?.points ?? []).findIndex(({ id }) => id === query.pointId) + 1;
  const device = registry.device(query.deviceId);
  if (device === undefined || !isInScope(scope, device.venueId)) return undefined;
  const own = columnOf(device);
  if (own === 0) return device.gb === undefined ? undefined : readPartSeries(store, query);
  const others = query.ofPlace === true ? registry.placeOf(device.id).filter((id) => id !== device.id) : [];
  const sources = [device, ...others.flatMap((id) => registry.device(id) ?? [])].filter(
    (source) => isInScope(scope, source.venueId) && columnOf(source) > 0,
  );
  const parameters: (string | number)[] = [query.from, query.to];
  const rowsOf = sources.map((source) => {
    const [id, model] = [parameters.push(source.id), parameters.push(source.model)];
    const value = `"values"[${columnOf(source)}]`;
    return (
      `select at, received_at, ${value} as value from telemetry ` +
      `where device_id = $${id} and model = $${model} and at >= $1 and at < $2 and ${value} is not null`
    );
  });
  const from = `(${rowsOf.join(' union all ')}) as samples`;
  const counted = await store.query(`select count(*) as count from ${from}`, parameters);
  const count = counted[0]?.['count'] as number;
  if (count <= query.maxPoints) {
    const rows = await store.query(`select at, value from ${from} order by at, received_at`, parameters);
    return {
      items: rows.map((row): SeriesRow => {
        const value = row['value'] as number;
        return [row['at'] as number, value, value, value];
      }),
      downsampled: 1,
    };
  }
  const widthMs = Math.ceil((query.to - query.from) / query.maxPoints);
  const width = parameters.push(widthMs);
  const rows = await store.query(
    `select (at - $1) / $${width} as bucket, min(value) as min, max(value) as max, ` +
      `(array_agg(value order by at desc, received_at desc))[1] as last from ${from} group by 1 order by 1`,
    parameters,
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
