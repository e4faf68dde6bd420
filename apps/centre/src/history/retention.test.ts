import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { house, registryChange } from '../situation/entries.fixture.ts';
import { Rooms } from '../situation/rooms.fixture.ts';
import type { Store } from '../store/store.ts';
import { partitionStep } from './day-partition.ts';
import { levelsOf, type LevelName } from './level.ts';
import { LocalDays } from './local-days.ts';
import { partitionsOf } from './partitions.ts';
import { deleteOld, dropRollUps, keptFromOf, type Dropped } from './retention.ts';

const DAY_MS = 86_400_000;
/** Noon in UTC, 14:00 in Berlin. */
const NOW = Date.UTC(2026, 6, 1, 12);
const days = new LocalDays('Europe/Berlin');
const levels = levelsOf(days);
const retention = {
  rawDays: 30,
  minuteDays: 2,
  quarterDays: 31,
  dayDays: 365,
  captureDays: 400,
  quarantineDays: 7,
  eventDays: 366,
  loadHistoryDays: 92,
};
const keptFrom = keptFromOf(retention, days, NOW);
/** More than two pieces of a deletion. */
const MANY = 1_203;

let folder: string;
let rooms: Rooms;
let store: Store;
let told: Dropped[] = [];

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fengsui-retention-'));
  rooms = await Rooms.open(folder);
  store = rooms.store;
  rooms.worker.start();
  await rooms.take('alarm', registryChange(house));
});
after(async () => {
  await rooms.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  told = [];
  await store.commit([{ kind: 'sql', sql: 'truncate history_drop' }]);
});

const rollUp = async (name: LevelName, starts: readonly number[]): Promise<void> => {
  const level = levels[name];
  const columns = 'counts, mins, maxs, sums, firsts, first_ms, lasts, last_ms';
  for (const at of starts) {
    const range = level.partitionOf(at);
    await store.commit([
      ...(range === undefined ? [] : [partitionStep(level.table, range)]),
      {
        kind: 'sql',
        sql: `insert into ${level.table} (partition, venue_id, origin, device_id, model, at, ${columns}) values (0, 'V1', 'live', 'D1', 'm', $1, '{1}', '{2}', '{2}', '{2}', '{2}', '{0}', '{2}', '{0}')`,
        params: [at],
      },
    ]);
  }
};

const left = async (table: string, column = 'at'): Promise<readonly number[]> =>
  (await store.query(`select ${column} as at from ${table} order by 1`)).map(({ at }) => at as number);

const drop = (): Promise<void> => dropRollUps(store, keptFrom, NOW, (dropped) => void told.push(dropped));

/** @param pieces after which the centre stops. */
const deleteAll = (pieces = Infinity): Promise<void> =>
  deleteOld(
    store,
    retention,
    keptFrom,
    NOW,
    (dropped) => void told.push(dropped),
    () => pieces-- <= 0,
  );

/** What people find on record beside the log. */
const onRecord = async (): Promise<readonly (readonly [unknown, unknown, unknown])[]> =>
  (await store.query('select kind, name, row_count from history_drop order by id')).map(({ kind, name, row_count }) => [
    kind,
    name,
    row_count,
  ]);

test('quarters go by the month and minutes by the day, when the last of them is older than it is kept', async () => {
  // 31 days before is the 31st of May; Berlin's begins on the 30th at 22:00 UTC, so that May is needed whole.
  const quarters = [Date.UTC(2026, 2, 31, 23, 45), Date.UTC(2026, 3, 30, 23, 45), Date.UTC(2026, 4, 1), NOW];
  await rollUp('quarter', quarters);
  // Two days before is the 29th of June, which begins on the 28th at 22:00 UTC.
  const minutes = [Date.UTC(2026, 5, 27, 23, 59), Date.UTC(2026, 5, 28), Date.UTC(2026, 5, 28, 22), NOW];
  await rollUp('minute', minutes);
  await drop();
  assert.deepEqual(await left('telemetry_quarter'), quarters.slice(2));
  assert.deepEqual(await left('telemetry_minute'), minutes.slice(1));
  assert.deepEqual(await partitionsOf(store, 'telemetry_quarter'), ['telemetry_quarter_202605', 'telemetry_quarter_202607']); // prettier-ignore
  const dropped = told.map(({ kind, name, until }) => [kind, name, until]);
  assert.deepEqual(dropped, [
    ['minute', 'telemetry_minute_20260627', Date.UTC(2026, 5, 28)],
    ['quarter', 'telemetry_quarter_202603', Date.UTC(2026, 3, 1)],
    ['quarter', 'telemetry_quarter_202604', Date.UTC(2026, 4, 1)],
  ]);
  assert.deepEqual(
    (await onRecord()).map(([kind, name]) => [kind, name]),
    told.map(({ kind, name }) => [kind, name]),
  );
  told = [];
  await drop();
  assert.deepEqual(told, []);
});

test('days go one by one; the local day in which a kept instant lies stays whole', async () => {
  // 365 days before is the 1st of July 2025, which begins in Berlin on the 30th of June at 22:00 UTC.
  const first = Date.UTC(2025, 5, 30, 22);
  await rollUp('day', [first - 400 * DAY_MS, first - DAY_MS, first, first + DAY_MS]);
  await deleteAll();
  assert.deepEqual(await left('telemetry_day'), [first, first + DAY_MS]);
  assert.deepEqual(await onRecord(), [['day', 'telemetry_day', 2]]);
});

test('what could not be read goes piece by piece, all of it that is older and nothing else, also when the centre stops between two pieces', async () => {
  const until = NOW - 7 * DAY_MS;
  const insert =
    `insert into quarantine (partition, venue_id, origin, device_id, received_at, topic, reason, digest, payload) ` +
    `select 0, 'V1', 'live', 'D' || n % 7, $1::int8 - n, '', 'notJson', ''::bytea, ''::bytea from generate_series($2::int4, $3::int4) n`;
  await store.commit([
    { kind: 'sql', sql: insert, params: [until, 1, MANY] },
    { kind: 'sql', sql: insert, params: [until, -4, 0] },
  ]);
  const old = async (): Promise<number> => (await left('quarantine', 'received_at')).filter((at) => at < until).length;
  // Late raw rows and days are looked for first, each once, in vain.
  await deleteAll(3);
  const afterOne = await old();
  assert.ok(afterOne > 0 && afterOne < MANY, `${afterOne} of ${MANY} are left after one piece`);
  await deleteAll();
  assert.deepEqual(
    await left('quarantine', 'received_at'),
    [0, 1, 2, 3, 4].map((ms) => until + ms),
  );
  assert.deepEqual(await onRecord(), [
    ['quarantine', 'quarantine', MANY - afterOne],
    ['quarantine', 'quarantine', afterOne],
  ]);
});

test('events of devices go by device, each as far as it is older', async () => {
  const until = NOW - 366 * DAY_MS;
  const insert =
    `insert into event (partition, venue_id, origin, device_id, epoch, seq, at, received_at, kind, point, live, unmapped, digest) ` +
    `select 0, 'V1', 'live', $1, 'e', n, $2::int8 - n, $2::int8 - n, 'arc', 'c1', true, false, ''::bytea from generate_series(-2, $3::int4) n`;
  await store.commit([
    { kind: 'sql', sql: insert, params: ['D1', until, MANY] },
    { kind: 'sql', sql: insert, params: ['D2', until, 10] },
  ]);
  await deleteAll();
  const kept = [0, 0, 1, 1, 2, 2].map((ms) => until + ms);
  assert.deepEqual(await left('event'), kept);
  assert.deepEqual(await onRecord(), [['event', 'event', MANY + 10]]);
});

test('which load was switched when goes sooner, with its recordings; what an alarm names stays, and so do other events', async () => {
  await store.commit([{ kind: 'sql', sql: 'truncate event' }]);
  const until = NOW - 92 * DAY_MS;
  const event = (at: number, kind: string, captureId: string | null) => ({
    kind: 'sql' as const,
    sql:
      `insert into event (partition, venue_id, origin, device_id, epoch, seq, at, received_at, kind, point, capture_id, live, unmapped, digest) ` +
      `values (0, 'V1', 'live', 'D1', 'e', 1, $1, $1, $2, 'c1', $3, true, false, ''::bytea)`,
    params: [at, kind, captureId],
  });
  const capture = (id: string, at: number) => ({
    kind: 'sql' as const,
    sql:
      `insert into capture (id, partition, venue_id, origin, device_id, capture_id, received_at, complete, doc) ` +
      `values ('D1:' || $1, 0, 'V1', 'live', 'D1', $1, $2, true, '{}')`,
    params: [id, at],
  });
  const chunk = (id: string) => ({
    kind: 'sql' as const,
    sql:
      `insert into capture_chunk (capture, chunk_index, partition, venue_id, origin, received_at, digest, body) ` +
      `values ('D1:' || $1, 0, 0, 'V1', 'live', 0, ''::bytea, ''::bytea)`,
    params: [id],
  });
  const alarm = {
    kind: 'sql' as const,
    sql:
      `insert into alarm (id, partition, venue_id, origin, device_id, category, priority, state, ended, raised_at, doc) ` +
      `values ('A1', 0, 'V1', 'live', 'D1', 'warning', 'P2', 'normal', true, $1, '{"captureId":"of-alarm"}')`,
    params: [until],
  };
  await store.commit([
    event(until - 1, 'loadOn', 'old'),
    event(until - 2, 'loadOff', null),
    event(until - 3, 'loadOn', 'of-alarm'),
    event(until - 4, 'arc', 'of-arc'),
    event(until, 'loadOn', 'young'),
    ...['old', 'of-alarm', 'of-arc'].map((id) => capture(id, until - 1)),
    capture('young', until),
    ...['old', 'of-alarm', 'of-arc', 'young'].map(chunk),
    alarm,
  ]);
  await deleteAll();
  const rows = await store.query('select kind, at from event order by at');
  assert.deepEqual(
    rows.map(({ kind, at }) => [kind, (at as number) - until]),
    [
      ['arc', -4],
      ['loadOn', 0],
    ],
  );
  const kept = ['D1:of-alarm', 'D1:of-arc', 'D1:young'];
  assert.deepEqual(
    (await store.query('select id from capture order by id')).map(({ id }) => id),
    kept,
  );
  assert.deepEqual(
    (await store.query('select capture from capture_chunk order by capture')).map(({ capture: of }) => of),
    kept,
  );
  assert.deepEqual(await onRecord(), [
    ['loadHistory', 'capture', 1],
    ['loadHistory', 'event', 3],
  ]);
});
