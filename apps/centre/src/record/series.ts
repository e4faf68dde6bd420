import type { Registry } from '../registry/registry.ts';
import type { DeviceRecord } from '../registry/registry-change.ts';
import { isInScope, type Scope } from '../access/scope.ts';
import type { Row, SqlValue, Store } from '../store/store.ts';
import { readPartSeries } from './part-series.ts';
import type { Series, SeriesRow } from './series-row.ts';
import { CLOCK_CHANGE_MS, planSeries, readReach, type SeriesPlan } from './series-plan.ts';

export type SeriesQuery = {
  readonly deviceId: string;
  readonly pointId: string;
  readonly from: number;
  readonly to: number;
  readonly maxPoints: number;
  /** Also what was reported by the devices that stood in the same place before, or stand there since. */
  readonly ofPlace?: boolean;
};

/** One device whose rows are asked for: which of its values, in rows of which model. */
type Source = { readonly id: string; readonly model: string; readonly column: number; readonly partition: number };

/**
 * Values of a point between `from` (inclusive) and `to` (exclusive). More samples than `maxPoints` come as a min/max
 * envelope per bucket, never as every n-th point: a peak that raised an alarm is on the picture. Gaps have no row.
 * Long spans, and what is no longer kept raw, come from the roll-ups in whole buckets: the first may begin before
 * `from`, the last may end after `to`.
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
  const sources = [device, ...others.flatMap((id) => registry.device(id) ?? [])]
    .filter((source) => isInScope(scope, source.venueId) && columnOf(source) > 0)
    .map((source): Source => ({
      id: source.id,
      model: source.model,
      column: columnOf(source),
      partition: registry.partitionOf(source.venueId),
    }));
  const reach = await readReach(store, sources);
  const isRawThere = query.from >= reach.rawFrom || reach.rolledTo === 0;
  const raw = isRawThere ? await readSamples(store, sources, query) : undefined;
  return raw ?? readBuckets(store, sources, query, planSeries(query, reach));
}

/** The samples themselves; undefined when there are more than asked for. */
async function readSamples(store: Store, sources: readonly Source[], query: SeriesQuery): Promise<Series | undefined> {
  const { from, to, maxPoints } = query;
  const parameters: SqlValue[] = [from, to];
  const samples = rawRows(sources, parameters, '$1', '$2');
  const limit = parameters.push(maxPoints + 1);
  const sql = `select at, value from (${samples}) s order by at, received_at limit $${limit}`;
  const isTooMany = `select count(*) as count from (select 1 from (${samples}) s limit $${limit}) c`;
  // Most questions are about more than that: first the cheap one, which needs no order.
  const [counted] = await store.query(isTooMany, parameters);
  if ((counted?.['count'] as number) > maxPoints) return undefined;
  const rows = await store.query(sql, parameters);
  const items = rows.map((row): SeriesRow => {
    const value = row['value'] as number;
    return [row['at'] as number, value, value, value];
  });
  return { items, downsampled: 1, resolutionMs: 0, source: 'raw' };
}

async function readBuckets(
  store: Store,
  sources: readonly Source[],
  { to }: SeriesQuery,
  plan: SeriesPlan,
): Promise<Series> {
  const { from, widthMs } = plan;
  const parameters: SqlValue[] = [from, to];
  const width = parameters.push(widthMs);
  const parts: string[] = [];
  let rawFrom = '$1';
  if (plan.source !== 'raw') {
    rawFrom = `$${parameters.push(Math.max(from, plan.openFrom))}`;
    const rolled = rolledRows(plan.table, sources, parameters, '$1', `least($2::int8, ${rawFrom}::int8)`);
    parts.push(`select at, lo, hi, n, last, last_at, 0 as received_at from (${rolled}) r`);
  }
  const samples = rawRows(sources, parameters, rawFrom, '$2');
  parts.push(`select at, value, value, 1, value, at, received_at from (${samples}) s`);
  // A day of the roll-ups may begin an hour early or late where the clocks were changed.
  const shift = plan.source === 'day' ? CLOCK_CHANGE_MS : 0;
  const rows = await store.query(
    `select (at - $1 + ${shift}) / $${width} as bucket, min(at) as first_at, min(lo) as min, max(hi) as max, ` +
      `sum(n)::int8 as count, (array_agg(last order by last_at desc, received_at desc))[1] as last ` +
      `from (${parts.join(' union all ')}) as b (at, lo, hi, n, last, last_at, received_at) group by 1 order by 1`,
    parameters,
  );
  const count = rows.reduce((sum, row) => sum + (row['count'] as number), 0);
  const perRow = Math.round(count / Math.max(1, rows.length));
  return {
    items: rows.map((row) => rowOf(row, plan)),
    downsampled: Math.max(plan.source === 'raw' ? 2 : 1, perRow),
    resolutionMs: widthMs,
    source: plan.source,
  };
}

const rowOf = (row: Row, { source, from, widthMs }: SeriesPlan): SeriesRow => [
  source === 'day' ? (row['first_at'] as number) : from + (row['bucket'] as number) * widthMs,
  row['min'] as number,
  row['max'] as number,
  row['last'] as number,
];

/** `at, received_at, value` of the raw rows; the parameters of the sources are added. */
function rawRows(sources: readonly Source[], parameters: SqlValue[], from: string, to: string): string {
  const rows = sources.map(({ id, model, column }) => {
    const [device, of] = [parameters.push(id), parameters.push(model)];
    const value = `"values"[${column}]`;
    return (
      `select at, received_at, ${value} as value from telemetry where device_id = $${device} and model = $${of} ` +
      `and at >= ${from} and at < ${to} and ${value} is not null`
    );
  });
  return rows.join(' union all ');
}

/** `at, lo, hi, n, last, last_at` of buckets of a level. */
function rolledRows(
  table: string,
  sources: readonly Source[],
  parameters: SqlValue[],
  from: string,
  to: string,
): string {
  const rows = sources.map(({ id, model, column }) => {
    const [device, of] = [parameters.push(id), parameters.push(model)];
    const of1 = (name: string): string => `${name}[${column}]`;
    return (
      `select at, ${of1('mins')} as lo, ${of1('maxs')} as hi, ${of1('counts')} as n, ${of1('lasts')} as last, ` +
      `at + ${of1('last_ms')} as last_at from ${table} where device_id = $${device} and model = $${of} ` +
      `and at >= ${from} and at < ${to} and ${of1('counts')} is not null`
    );
  });
  return rows.join(' union all ');
}
