import path from 'node:path';
import { dayPartition, partitionStep } from '../../apps/centre/src/history/day-partition.ts';
import { createPgliteStore } from '../../apps/centre/src/store/pglite-store.ts';

const MINUTE_MS = 60_000;
/** Minutes added by one statement. */
const PIECE_MINUTES = 200;

/**
 * Puts rows behind those that a stopped centre holds: each device's last one again for every minute of the `minutes`
 * before it, under an epoch of their own. Columns, partitions and indexes are those the centre itself writes; roll-ups of
 * these rows are not made, and no journal entry is named (`lane_sequence` 0), so no roll-up waits for them.
 *
 * Ten million rows take 4 GB of disk and some minutes.
 *
 * @returns how many rows there are then.
 * @throws Error when the centre holds no row to begin with.
 */
export async function fillTelemetry(
  folder: string,
  minutes: number,
  progress: (words: string) => void,
): Promise<number> {
  const store = await createPgliteStore({ folder: path.join(folder, 'store') });
  try {
    const [known] = await store.query('select min(at) as first, max(at) as last from telemetry');
    if (known?.['first'] == null || known['last'] == null) throw new Error(`${folder} holds no telemetry`);
    const [first, last] = [known['first'] as number, known['last'] as number];
    const days = new Map<string, ReturnType<typeof dayPartition>>();
    for (let at = first - (minutes + 1) * MINUTE_MS; at <= last; at += MINUTE_MS) {
      const day = dayPartition('telemetry', at);
      days.set(day.name, day);
    }
    await store.commit([...days.values()].map((day) => partitionStep('telemetry', day)));
    await store.commit([
      {
        kind: 'sql',
        sql: 'create table bench_last as select distinct on (device_id) * from telemetry order by device_id, at desc',
      },
    ]);
    for (let from = 1; from <= minutes; from += PIECE_MINUTES) {
      const to = Math.min(minutes, from + PIECE_MINUTES - 1);
      await store.commit([{ kind: 'sql', sql: COPIES, params: [from, to] }]);
      if (to % (5 * PIECE_MINUTES) === 0) progress(`${to} of ${minutes} minutes`);
    }
    await store.commit([{ kind: 'sql', sql: 'drop table bench_last' }]);
    const [counted] = await store.query('select count(*) as rows from telemetry');
    return Number(counted?.['rows']);
  } finally {
    await store.close();
  }
}

/** In the order of the indexes: unordered rows take half as long again. */
const COPIES = `
  insert into telemetry (partition, venue_id, origin, device_id, epoch, seq, row_index, at, received_at, device_at, model,
      model_version, live, digest, "values", identity_suspect, lane_sequence)
    select partition, venue_id, origin, device_id, 'filled', 1000000 - k, row_index, at - k * ${MINUTE_MS},
      received_at - k * ${MINUTE_MS}, device_at - k * ${MINUTE_MS}, model, model_version, live,
      decode(md5(device_id || k), 'hex'), "values", identity_suspect, 0
    from generate_series($1::int8, $2::int8) k, bench_last
    order by device_id, k desc`;
