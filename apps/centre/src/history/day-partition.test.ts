import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startPostgresServer, type PostgresServer } from '../../../../tools/servers/postgres-server.ts';
import { eventually } from '../journal/journal-conformance.ts';
import { telemetryColumns } from '../situation/commit/report-steps.ts';
import { migrate } from '../store/migrate.ts';
import { migrations } from '../store/migrations/index.ts';
import { createPostgresStore } from '../store/postgres-store.ts';
import type { Step, Store } from '../store/store.ts';
import { dayPartition, monthPartition, partitionStep } from './day-partition.ts';
import { storedRow } from './writer.fixture.ts';

const DAY_MS = 86_400_000;
const T0 = Date.UTC(2026, 0, 1);
const DAYS = 40;
/** Each with four connections for its commits. */
const PROCESSES = 3;
const COMMITS = 12;

let server: PostgresServer;
let stores: readonly Store[];
before(async () => {
  server = await startPostgresServer();
  stores = await Promise.all(Array.from({ length: PROCESSES }, () => createPostgresStore({ url: server.url })));
  await migrate(stores[0] as Store, migrations);
});
after(async () => {
  for (const store of stores) await store.close();
  await server.stop();
});

const rowOf = (deviceId: string, at: number): Step => {
  const sample = { partition: 0, venueId: 'V1', deviceId, model: 'm', at, values: [1] };
  const row = storedRow({ ...sample, origin: 'live', laneSequence: 1 }, 0);
  return { kind: 'copy', table: 'telemetry', columns: telemetryColumns, rows: [row] };
};

test(
  'processes that need a new day at the same moment all get it, and their rows lie in it',
  { timeout: 180_000 },
  async () => {
    for (let day = 0; day < DAYS; day++) {
      const at = T0 + day * DAY_MS;
      // As a batch of the worker and a fold of the roll-ups begin.
      const steps = (n: number): Step[] => [
        partitionStep('telemetry', dayPartition('telemetry', at)),
        rowOf(`D${n}`, at),
        partitionStep('telemetry_minute', dayPartition('telemetry_minute', at)),
        partitionStep('telemetry_quarter', monthPartition('telemetry_quarter', at)),
      ];
      const commits = Array.from({ length: COMMITS }, (_, n) => (stores[n % PROCESSES] as Store).commit(steps(n)));
      await Promise.all(commits);
    }
    const [store] = stores as readonly [Store];
    const rows = await store.query(
      `select tableoid::regclass::text as name, count(*) as count from telemetry group by 1 order by 1`,
    );
    assert.deepEqual(
      rows,
      Array.from({ length: DAYS }, (_, day) => ({
        name: dayPartition('telemetry', T0 + day * DAY_MS).name,
        count: COMMITS,
      })),
    );
  },
);

test('a day that is there is not waited for, whoever is making another one', { timeout: 60_000 }, async () => {
  const [one, other] = stores as readonly [Store, Store];
  const at = T0 + 1_000 * DAY_MS;
  const there = partitionStep('telemetry', dayPartition('telemetry', at));
  await one.commit([there]);
  const making = one.commit([
    partitionStep('telemetry_minute', dayPartition('telemetry_minute', at)),
    { kind: 'sql', sql: 'select pg_sleep(600)' },
  ]);
  const isHeld = `select pid from pg_locks where locktype = 'advisory' and classid = 7215`;
  await eventually('a transaction makes a partition', async () => (await other.query(isHeld)).length > 0);
  await other.commit([there, rowOf('D1', at)]);
  await other.query(`select pg_cancel_backend(pid) from (${isHeld}) holders`);
  await assert.rejects(making, /canceling statement/);
});
