import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { propertySettings } from '../platform/property-settings.fixture.ts';
import { telemetryColumns } from '../situation/commit/report-steps.ts';
import { openStore } from '../situation/rooms.fixture.ts';
import { StoreError } from '../store/store-error.ts';
import type { Step, Store } from '../store/store.ts';
import { foldBefore } from './before.ts';
import { cellOf } from './cell.ts';
import { levelNames, levelsOf, type LevelName } from './level.ts';
import { LocalDays } from './local-days.ts';
import { keyOf, rollUpOf, type Expected } from './oracle.fixture.ts';
import { detachedTables } from './partitions.ts';
import { Roller } from './roller.ts';
import type { TelemetryRow } from './telemetry-row.ts';
import { storedRow, Writer, type Sample } from './writer.fixture.ts';

/** 2026-03-29 01:00 UTC: the clocks of Berlin are put forward; the local day has 23 hours and begins at 23:00 UTC. */
const T0 = Date.UTC(2026, 2, 29, 1);
const zone = new LocalDays('Europe/Berlin');
const levels = levelsOf(zone);
const everything = { minute: 0, quarter: 0, day: 0 };

let folder: string;
let store: Store;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fengsui-history-'));
  store = await openStore(folder);
});
after(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

async function emptyStore(): Promise<void> {
  const tables = [
    'telemetry',
    'telemetry_minute',
    'telemetry_quarter',
    'telemetry_day',
    'history_rolled',
    'checkpoint',
  ];
  await store.commit([
    { kind: 'sql', sql: `truncate ${tables.join(', ')}` },
    { kind: 'sql', sql: `update history_state set before_done = true, before_device = '', before_at = 0` },
  ]);
}

async function rolledUp(level: LevelName): Promise<Map<string, Expected>> {
  const found = new Map<string, Expected>();
  for (const row of await store.query(`select * from ${levels[level].table}`)) {
    const of = (name: string): (number | null)[] => row[name] as (number | null)[];
    for (const [point, count] of of('counts').entries()) {
      if (count === null) continue;
      const at = (name: string): number => of(name)[point] as number;
      const key = keyOf(row['device_id'] as string, row['model'] as string, row['at'] as number, point);
      assert.ok(!found.has(key), `${key} stands twice`);
      found.set(key, {
        count,
        min: at('mins'),
        max: at('maxs'),
        sum: at('sums'),
        first: at('firsts'),
        firstMs: at('first_ms'),
        last: at('lasts'),
        lastMs: at('last_ms'),
      });
    }
  }
  return found;
}

const sorted = (map: Map<string, Expected>): [string, Expected][] => [...map].sort(([a], [b]) => (a < b ? -1 : 1));

/** Fails after some commits: as if the answer was lost before the engine did it, or after. */
class Breaking {
  left = Infinity;
  isDone = false;
  readonly store: Store = {
    engine: 'pglite',
    query: (sql, params) => store.query(sql, params),
    commit: async (steps: readonly Step[]) => {
      const fails = this.left-- <= 0;
      if (fails && !this.isDone) throw new StoreError('connection', 'cut before');
      const results = await store.commit(steps);
      if (fails) throw new StoreError('unknownOutcome', 'cut after');
      return results;
    },
    close: () => Promise.resolve(),
  };
}

const sample = fc.record({
  device: fc.integer({ min: 0, max: 7 }),
  // Around midnight of Berlin and the change of its clocks, and some days back; often the same instant again.
  at: fc.oneof(
    fc.integer({ min: -8, max: 8 }).map((n) => n * 15_000),
    fc.integer({ min: -3 * 86_400_000, max: 86_400_000 }),
    fc.integer({ min: -40, max: 40 }).map((n) => -2 * 3_600_000 + n * 30_000),
  ),
  // Eighths: sums are exact in any order.
  values: fc.array(
    fc.option(
      fc.integer({ min: -800, max: 800 }).map((n) => n / 8),
      { freq: 4 },
    ),
    { minLength: 0, maxLength: 5 },
  ),
  model: fc.option(fc.constant('other'), { freq: 8, nil: undefined }).map((model) => model ?? 'm'),
});
const entries = fc.array(fc.array(sample, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 12 });
const action = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('commit' as const),
      lane: fc.constantFrom('bulk' as const, 'bulk' as const, 'alarm' as const),
      entries,
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('fold' as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('foldOne' as const), device: fc.integer({ min: 0, max: 7 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('breaks' as const),
      after: fc.integer({ min: 0, max: 4 }),
      isDone: fc.boolean(),
    }),
  },
);

type Drawn = {
  readonly device: number;
  readonly at: number;
  readonly values: (number | null)[];
  readonly model?: string;
};

const sampleOf = ({ device, at, values, model = 'm' }: Drawn): Sample => ({
  partition: device % 3,
  venueId: `V${device % 3}`,
  deviceId: `D${device}`,
  model,
  at: T0 + at,
  values,
});

const never = (): boolean => false;

test(
  'roll-ups are what all rows give, whatever comes late or again, and wherever the process ends in between',
  { timeout: 300_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 14 }), async (actions) => {
        await emptyStore();
        const writer = new Writer(store);
        const breaking = new Breaking();
        const open = async (): Promise<Roller> => {
          for (;;) {
            const roller = new Roller({
              store: breaking.store,
              clock: { now: () => T0 },
              levels,
              applied: (lane) => writer.applied[lane],
              keptFrom: () => everything,
            });
            try {
              await roller.catchUp(never);
              return roller;
            } catch {
              breaking.left = Infinity;
            }
          }
        };
        let roller = await open();
        const attempt = async (work: () => Promise<void>): Promise<void> => {
          try {
            await work();
          } catch {
            // As `History` does after any failure: from the store again.
            breaking.left = Infinity;
            roller = await open();
          }
        };
        for (const step of actions) {
          if (step.kind === 'commit')
            await writer.commit(
              step.lane,
              step.entries.map((entry) => entry.map(sampleOf)),
              roller,
            );
          if (step.kind === 'fold') await attempt(() => roller.fold(never));
          if (step.kind === 'foldOne')
            await attempt(() => roller.fold(never, [cellOf(step.device % 3, `D${step.device}`)]));
          if (step.kind === 'restart') roller = await open();
          if (step.kind === 'breaks') [breaking.left, breaking.isDone] = [step.after, step.isDone];
        }
        breaking.left = Infinity;
        await roller.fold(never);
        for (const level of levelNames) {
          const expected = rollUpOf(writer.rows, (at) => levels[level].startOf(at));
          assert.deepEqual(sorted(await rolledUp(level)), sorted(expected), level);
        }
      }),
      propertySettings(25),
    );
  },
);

test('two values told for one instant in two lanes give the same whether the process ends before they are rolled up or not', async () => {
  for (const restarts of [false, true]) {
    await emptyStore();
    const writer = new Writer(store);
    const options = {
      store,
      clock: { now: () => T0 },
      levels,
      applied: (lane: 'alarm' | 'bulk') => writer.applied[lane],
      keptFrom: () => everything,
    };
    let roller = new Roller(options);
    await roller.catchUp(never);
    // Read again, all of the one lane comes before all of the other.
    await writer.commit('bulk', [[sampleOf({ device: 1, at: 0, values: [7] })]], roller);
    await writer.commit('alarm', [[sampleOf({ device: 1, at: 0, values: [3] })]], roller);
    await writer.commit('bulk', [[sampleOf({ device: 1, at: 0, values: [5] })]], roller);
    if (restarts) {
      roller = new Roller(options);
      await roller.catchUp(never);
    }
    await roller.fold(never);
    const [[, told] = []] = [...(await rolledUp('minute'))];
    assert.deepEqual([told?.count, told?.first, told?.last], [3, 3, 7]);
  }
});

test('a local day of the roll-ups begins at midnight of the zone, also where the clocks are changed', () => {
  const starts = [-3, -2, 0, 21, 22].map((hours) => new Date(zone.startOf(T0 + hours * 3_600_000)).toISOString());
  // 23:00 UTC is midnight in winter, 22:00 in summer: the day between has 23 hours.
  assert.deepEqual(starts, [
    '2026-03-27T23:00:00.000Z',
    '2026-03-28T23:00:00.000Z',
    '2026-03-28T23:00:00.000Z',
    '2026-03-29T22:00:00.000Z',
    '2026-03-29T22:00:00.000Z',
  ]);
});

test('rows from before there were roll-ups come in beside new ones, each once', async () => {
  await emptyStore();
  await store.commit([
    { kind: 'sql', sql: 'create table telemetry_before (like telemetry including defaults)' },
    { kind: 'sql', sql: 'create index on telemetry_before (device_id, at)' },
    { kind: 'sql', sql: 'update history_state set before_done = false' },
  ]);
  const writer = new Writer(store);
  const old = Array.from({ length: 400 }, (_, i): TelemetryRow => {
    const device = i % 5;
    const values = [i / 8, null, -i / 8];
    const at = T0 + (i % 40) * 25 * 60_000;
    return {
      partition: device % 3,
      venueId: `V${device % 3}`,
      origin: 'live',
      deviceId: `D${device}`,
      model: 'm',
      at,
      values,
      laneSequence: 0,
    };
  });

  await store.commit([
    { kind: 'copy', table: 'telemetry_before', columns: telemetryColumns, rows: old.map(storedRow) },
  ]);
  const options = {
    store,
    clock: { now: () => T0 },
    levels,
    applied: (lane: 'alarm' | 'bulk') => writer.applied[lane],
    keptFrom: () => everything,
  };
  let roller = new Roller(options);
  await roller.catchUp(never);
  const young = (i: number): Drawn => ({ device: i % 5, at: (i % 40) * 25 * 60_000, values: [1000 + i / 8] });
  for (let i = 0; i < 40; i++) {
    await writer.commit('bulk', [[sampleOf(young(i))]], roller);
    if (i % 7 === 0) await roller.fold(never);
    await foldBefore(store, roller);
    if (i === 20) {
      roller = new Roller(options);
      await roller.catchUp(never);
    }
  }
  await roller.fold(never);
  while (await foldBefore(store, roller)) continue;
  for (const level of levelNames) {
    const expected = rollUpOf([...old, ...writer.rows], (at) => levels[level].startOf(at));
    assert.deepEqual(sorted(await rolledUp(level)), sorted(expected), level);
  }
  assert.deepEqual(await detachedTables(store), ['telemetry_before']);
  await store.commit([{ kind: 'sql', sql: 'drop table telemetry_before' }]);
});
