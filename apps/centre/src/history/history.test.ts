import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { createLog } from '../platform/log.ts';
import type { Series } from '../record/series-row.ts';
import { readSeries } from '../record/series.ts';
import { Registry } from '../registry/registry.ts';
import { telemetryColumns } from '../situation/commit/report-steps.ts';
import { house } from '../situation/entries.fixture.ts';
import { migrate } from '../store/migrate.ts';
import { migrations } from '../store/migrations/index.ts';
import { createPgliteStore } from '../store/pglite-store.ts';
import type { Store } from '../store/store.ts';
import { History } from './history.ts';
import { rollUpOf } from './oracle.fixture.ts';
import { partitionsOf } from './partitions.ts';
import { storedRow, Writer, type Sample } from './writer.fixture.ts';
import type { TelemetryRow } from './telemetry-row.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const zone = 'Asia/Shanghai';
/** 2026-06-01 12:00 in Shanghai. */
const NOW = Date.UTC(2026, 5, 1, 4);
const HISTORY_VERSION = 15;
const SPIKE = 4711;

const retention = {
  rawDays: 30,
  minuteDays: 92,
  quarterDays: 400,
  dayDays: 3_650,
  captureDays: 400,
  quarantineDays: 92,
  eventDays: 1_096,
  loadHistoryDays: 92,
};

const registry = new Registry();
for (const change of house) registry.apply(change);
const points = registry.model('generic-terminal')?.points ?? [];
const column = points.findIndex(({ id }) => id === 'c3.currentA');

const sampleAt = (at: number, value: number, deviceId = 'D1'): Sample => ({
  partition: registry.partitionOf('V1'),
  venueId: 'V1',
  deviceId,
  model: 'generic-terminal',
  at,
  values: points.map((_, index) => (index === column ? value : null)),
});

/** Every two hours of 380 days, with one spike of a single sample. */
const spikeAt = NOW - 200 * DAY_MS - 7 * 60_000;
const curve = (from: number, to: number): Sample[] => {
  const samples: Sample[] = [];
  for (let at = from; at < to; at += 2 * HOUR_MS)
    samples.push(sampleAt(at, 20 + Math.round(8 * Math.sin(at / 3e7)) / 8));
  return samples;
};
const old = [...curve(NOW - 380 * DAY_MS, NOW - 5 * DAY_MS), sampleAt(spikeAt, SPIKE)];

let folder: string;
let store: Store;
let history: History;
let writer: Writer;
let now = NOW;
const logged: string[] = [];

const open = (): History => {
  const log = createLog({ level: 'debug', json: false, write: (line) => void logged.push(line) });
  const applied = (lane: 'alarm' | 'bulk'): number => writer.applied[lane];
  const opened = new History({ store, clock: { now: () => now }, log, timeZone: zone, retention, applied });
  opened.start();
  return opened;
};

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fengsui-history-'));
  store = await createPgliteStore({ folder });
  await migrate(
    store,
    migrations.filter(({ version }) => version < HISTORY_VERSION),
  );
  const columns = telemetryColumns.filter(([name]) => name !== 'lane_sequence');
  const rows = old.map((sample) => storedRow({ ...sample, origin: 'live', laneSequence: 0 }, 0).slice(0, -1));
  await store.commit([{ kind: 'copy', table: 'telemetry', columns, rows }]);
  await migrate(store, migrations);
  writer = new Writer(store);
  history = open();
});
after(async () => {
  await history.stop();
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const read = async (from: number, to: number, maxPoints = 1_200): Promise<Series> => {
  const query = { deviceId: 'D1', pointId: 'c3.currentA', from, to, maxPoints };
  const series = await readSeries({ venues: 'all' }, store, registry, query);
  assert.ok(series !== undefined);
  assert.ok(series.items.length <= maxPoints, `${series.items.length} rows`);
  return series;
};

/** The envelope in plain words: which samples lie in each row of the answer. */
function envelope(samples: readonly Sample[], { items, resolutionMs }: Series): number[][] {
  return items.map(([at]) => {
    const inside = samples.filter((sample) => sample.at >= at && sample.at < at + resolutionMs);
    const values = inside.sort((a, b) => a.at - b.at).map(({ values: of }) => of[column] as number);
    return [at, Math.min(...values), Math.max(...values), values.at(-1) ?? NaN];
  });
}

const untilRolledUp = async (): Promise<void> => {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const [state] = await store.query('select before_done from history_state');
    if (state?.['before_done'] === true) return;
    assert.ok(Date.now() < deadline, 'rows from before are not in the roll-ups');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

test('a store from before keeps every row, and its rows come into the roll-ups', { timeout: 180_000 }, async () => {
  const [{ count } = {}] = await store.query('select count(*) as count from telemetry');
  assert.equal(count, old.length);
  const before = await read(NOW - 380 * DAY_MS, NOW, 10_000);
  assert.equal(before.source, 'raw');
  await untilRolledUp();
  const rows = old.map((sample): TelemetryRow => ({ ...sample, origin: 'live', laneSequence: 0 }));
  const days = rollUpOf(rows, (at) => Math.floor((at + 8 * HOUR_MS) / DAY_MS) * DAY_MS - 8 * HOUR_MS);
  const stored = await store.query('select at, counts, mins, maxs, sums from telemetry_day order by at');
  assert.equal(stored.length, days.size);
  assert.deepEqual(
    stored.map((row) => ['counts', 'mins', 'maxs', 'sums'].map((name) => (row[name] as (number | null)[])[column])),
    [...days.values()].map(({ count: n, min, max, sum }) => [n, min, max, sum]),
  );
});

test('a long series comes from the roll-up that fits, whole to this moment; one sample is never averaged away', async () => {
  const fresh = curve(NOW - 5 * DAY_MS, NOW);
  await writer.commit(
    'bulk',
    fresh.slice(0, -12).map((sample) => [sample]),
    history,
  );
  await history.fold();
  // The rest is not folded: these rows come raw.
  await writer.commit(
    'bulk',
    fresh.slice(-12).map((sample) => [sample]),
    history,
  );
  await store.commit([
    {
      kind: 'sql',
      sql: `update history_rolled set at = array_fill($1::int8, array[16])`,
      params: [fresh.at(-12)?.at ?? 0],
    },
  ]);
  const all = [...old, ...fresh];
  for (const [spanDays, maxPoints, source] of [
    [1 / 24, 500, 'raw'],
    [1, 500, 'raw'],
    [20, 100, 'quarter'],
    [365, 1_200, 'quarter'],
    [379, 300, 'day'],
  ] as const) {
    const series = await read(NOW - spanDays * DAY_MS, NOW, maxPoints);
    assert.equal(series.source, source, `${spanDays} days`);
    if (series.resolutionMs === 0) {
      const inside = all.filter(({ at }) => at >= NOW - spanDays * DAY_MS && at < NOW);
      assert.deepEqual(
        series.items.map(([at]) => at),
        inside.map(({ at }) => at),
      );
      continue;
    }
    assert.deepEqual(series.items, envelope(all, series), `${spanDays} days`);
    assert.equal(series.items.at(-1)?.[3], fresh.at(-1)?.values[column], `${spanDays} days: the newest value`);
    assert.equal(Math.max(...series.items.map(([, , max]) => max)) === SPIKE, spanDays > 200);
  }
});

test(
  'what is older than it is kept is dropped when the roll-ups have it; late rows still count',
  { timeout: 180_000 },
  async () => {
    // Evidence of an alarm, and a capture that nobody needs.
    const capture = (id: string) => [0, 'V1', 'live', `D1:${id}`, 'D1', id, NOW - 500 * DAY_MS, true];
    await store.commit([
      ...[capture('kept'), capture('gone')].map((params) => ({
        kind: 'sql' as const,
        sql: `insert into capture (partition, venue_id, origin, id, device_id, capture_id, received_at, complete, doc) values ($1, $2, $3, $4, $5, $6, $7, $8, '{}')`,
        params,
      })),
      {
        kind: 'sql',
        sql: `insert into capture_chunk select id, 0, 0, 'V1', 'live', 0, ''::bytea, ''::bytea from capture`,
      },
      {
        kind: 'sql',
        sql:
          `insert into alarm (id, partition, venue_id, origin, device_id, category, priority, state, ended, raised_at, doc) values ` +
          `('A1', 0, 'V1', 'live', 'D1', 'warning', 'P2', 'normal', true, $1, '{"captureId":"kept"}')`,
        params: [NOW - 500 * DAY_MS],
      },
    ]);
    now = NOW + 40 * DAY_MS;
    await writer.commit('bulk', [[sampleAt(now - 1_000, 1)]], history);
    await history.retain();
    assert.deepEqual(
      (await partitionsOf(store, 'telemetry')).filter((name) => /2026|before/.test(name)),
      ['telemetry_20260711'],
    );
    const [{ count } = {}] = await store.query('select count(*) as count from telemetry');
    assert.equal(count, 1);
    // 40 days late: no longer kept raw, in the roll-ups all the same, beside what they have.
    const late = sampleAt(NOW - 3 * DAY_MS + 60_000, -99);
    await writer.commit(
      'bulk',
      [[late], [sampleAt(now - 300 * DAY_MS, -98)], [sampleAt(now - 500 * DAY_MS, -97)]],
      history,
    );
    await history.retain();
    const [{ left } = {}] = await store.query('select count(*) as left from telemetry_default');
    assert.equal(left, 0);
    const hour = await read(NOW - 3 * DAY_MS, NOW - 3 * DAY_MS + HOUR_MS);
    assert.equal(hour.source, 'minute');
    assert.equal(Math.min(...hour.items.map(([, min]) => min)), -99);
    assert.equal(hour.items.length, 2);
    assert.deepEqual(history.figures.tooLate, { minute: 2, quarter: 1, day: 0 });
    const captures = await store.query(
      'select c.capture_id, count(k.*) as chunks from capture c join capture_chunk k on k.capture = c.id group by 1',
    );
    assert.deepEqual(captures, [{ capture_id: 'kept', chunks: 1 }]);
    assert.ok(
      logged.some((line) => /dropped.*telemetry_before/.test(line)),
      logged.join('\n'),
    );
    assert.ok(
      logged.every((line) => !/ error /.test(line)),
      logged.join('\n'),
    );
  },
);
