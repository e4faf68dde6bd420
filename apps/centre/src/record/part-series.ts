import type { Store } from '../store/store.ts';
import type { Series, SeriesRow as Row } from './series-row.ts';

type Query = {
  readonly deviceId: string;
  readonly pointId: string;
  readonly from: number;
  readonly to: number;
  readonly maxPoints: number;
};

/** Values of a part of a transmission device, as `readSeries`; undefined when the part never told one. */
export async function readPartSeries(store: Store, query: Query): Promise<Series | undefined> {
  const { deviceId, pointId, from, to, maxPoints } = query;
  const known = 'select 1 as found from part_value where device_id = $1 and point = $2 limit 1';
  if ((await store.query(known, [deviceId, pointId])).length === 0) return undefined;
  const where = 'device_id = $1 and point = $2 and at >= $3 and at < $4';
  const parameters = [deviceId, pointId, from, to];
  const [counted] = await store.query(`select count(*) as count from part_value where ${where}`, parameters);
  const count = counted?.['count'] as number;
  if (count <= maxPoints) {
    const sql = `select at, value from part_value where ${where} order by at, received_at`;
    const rows = await store.query(sql, parameters);
    const items = rows.map((row): Row => {
      const value = row['value'] as number;
      return [row['at'] as number, value, value, value];
    });
    return { items, downsampled: 1, resolutionMs: 0, source: 'raw' };
  }
  const widthMs = Math.ceil((to - from) / maxPoints);
  const rows = await store.query(
    `select (at - $3) / $5 as bucket, min(value) as min, max(value) as max, ` +
      `(array_agg(value order by at desc, received_at desc))[1] as last ` +
      `from part_value where ${where} group by 1 order by 1`,
    [...parameters, widthMs],
  );
  const items = rows.map((row): Row => [
    from + (row['bucket'] as number) * widthMs,
    row['min'] as number,
    row['max'] as number,
    row['last'] as number,
  ]);
  const downsampled = Math.max(2, Math.round(count / Math.max(1, items.length)));
  return { items, downsampled, resolutionMs: widthMs, source: 'raw' };
}
