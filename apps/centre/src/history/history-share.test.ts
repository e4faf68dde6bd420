import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { startPostgresServer, type PostgresServer } from '../../../../tools/servers/postgres-server.ts';
import type { Lane } from '../journal/entry.ts';
import { createLog } from '../platform/log.ts';
import { migrate } from '../store/migrate.ts';
import { migrations } from '../store/migrations/index.ts';
import { createPostgresStore } from '../store/postgres-store.ts';
import type { Store } from '../store/store.ts';
import { dayPartition, partitionStep } from './day-partition.ts';
import { History } from './history.ts';
import { levelNames, levelsOf, type LevelName } from './level.ts';
import { LocalDays } from './local-days.ts';
import { keyOf, rollUpOf, type Expected } from './oracle.fixture.ts';
import { detachedTables } from './partitions.ts';
import { Roller } from './roller.ts';
import { Writer, type Sample } from './writer.fixture.ts';

const T0 = Date.UTC(2026, 5, 1, 4);
const DAY_MS = 86_400_000;
const zone = 'Asia/Shanghai';
const levels = levelsOf(new LocalDays(zone));
const PARTITIONS = 8;
const retention = {
  ...{ rawDays: 30, minuteDays: 92, quarterDays: 400, dayDays: 3_650 },
  ...{ captureDays: 400, quarantineDays: 92, eventDays: 1_096, loadHistoryDays: 92 },
};
const never = (): boolean => false;

let server: PostgresServer;
/** Of two processes. */
let stores: readonly [Store, Store];
before(async () => {
  server = await startPostgresServer();
  const { url } = server;
  stores = [await createPostgresStore({ url }), await createPostgresStore({ url })];
  await migrate(stores[0], migrations);
});
after(async () => {
  for (const store of stores) await store.close();
  await server.stop();
});
const running = new Set<History>();
afterEach(async () => {
  for (const history of running) await history.stop();
  running.clear();
});
beforeEach(async () => {
  const tables = ['telemetry', ...levelNames.map((name) => levels[name].table), 'history_rolled', 'checkpoint'];
  await stores[0].commit([{ kind: 'sql', sql: `truncate ${tables.join(', ')}` }]);
});

/** Commits of the journal, one after the other; all who follow are told in the moment in which it counts as applied. */
class Centre {
  readonly writer = new Writer(stores[0]);
  applied: Readonly<Record<Lane, number>> = { alarm: 0, bulk: 0 };
  followers: readonly Pick<History, 'follow'>[] = [];
  #random = 7;

  async commit(lane: Lane, entries: readonly (readonly Sample[])[]): Promise<void> {
    await this.writer.commit(lane, entries, {
      follow: (effects) => {
        this.applied = { ...this.writer.applied };
        for (const follower of this.followers) follower.follow(effects);
      },
    });
  }

  /** 0 … n − 1, the same in each run. */
  draw(n: number): number {
    this.#random = (Math.imul(this.#random, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#random / 2 ** 32) * n);
  }

  /** Some minutes of two days; each instant of a device once. */
  entries(count: number, partitionOf = (device: number): number => device % PARTITIONS): Sample[][] {
    return Array.from({ length: count }, () => {
      const device = this.draw(40);
      const partition = partitionOf(device);
      const at = T0 - this.draw(2 * 24 * 60) * 60_000 + this.writer.rows.length + this.#step++;
      const values = [this.draw(800) / 8, null, -1 - this.draw(800) / 8];
      return [{ partition, venueId: `V${partition}`, deviceId: `D${device}`, model: 'm', at, values }];
    });
  }
  #step = 0;
}

async function rolledUp(level: LevelName): Promise<[string, Expected][]> {
  const found: [string, Expected][] = [];
  for (const row of await stores[0].query(`select * from ${levels[level].table}`)) {
    const of = (name: string): (number | null)[] => row[name] as (number | null)[];
    for (const [point, count] of of('counts').entries()) {
      if (count === null) continue;
      const at = (name: string): number => of(name)[point] as number;
      found.push([
        keyOf(row['device_id'] as string, row['model'] as string, row['at'] as number, point),
        {
          ...{ count, min: at('mins'), max: at('maxs'), sum: at('sums') },
          ...{ first: at('firsts'), firstMs: at('first_ms'), last: at('lasts'), lastMs: at('last_ms') },
        },
      ]);
    }
  }
  return found.sort(([a], [b]) => (a < b ? -1 : 1));
}

async function assertWhole({ writer }: Centre): Promise<void> {
  for (const level of levelNames) {
    const expected = rollUpOf(writer.rows, (at) => levels[level].startOf(at));
    assert.deepEqual(
      await rolledUp(level),
      [...expected].sort(([a], [b]) => (a < b ? -1 : 1)),
      level,
    );
  }
}

type Opened = { readonly history: History; readonly logged: readonly string[] };

function open(centre: Centre, store: Store, owns: (partition: number) => boolean, isKeeper: boolean): Opened {
  const logged: string[] = [];
  const history = new History({
    ...{ store, retention, owns, isKeeper, timeZone: zone, clock: { now: () => T0 } },
    log: createLog({ level: 'debug', json: false, write: (line) => void logged.push(line) }),
    applied: (lane) => centre.applied[lane],
  });
  history.start();
  running.add(history);
  return { history, logged };
}

test('two processes with a share each give the roll-ups that all rows give, also while shares go to and fro', async () => {
  const centre = new Centre();
  await centre.commit('bulk', centre.entries(200));
  const owned: [Set<number>, Set<number>] = [new Set([0, 1, 2, 3]), new Set([4, 5, 6, 7])];
  const opened = ([0, 1] as const).map((who) => open(centre, stores[who], (one) => owned[who].has(one), who === 0));
  const [one, other] = opened.map(({ history }) => history) as [History, History];
  centre.followers = [one, other];
  for (let round = 0; round < 25; round++) {
    await centre.commit(round % 5 === 0 ? 'alarm' : 'bulk', centre.entries(20));
    const folds = [one.fold(), other.fold()];
    await centre.commit('bulk', centre.entries(20));
    if (round % 3 === 0) {
      // A partition goes to the other one, while both fold: first nobody has it.
      const from = centre.draw(2) as 0 | 1;
      const [partition] = owned[from];
      if (partition === undefined) continue;
      owned[from].delete(partition);
      await opened[from]?.history.reshare();
      owned[1 - from]?.add(partition);
      void opened[1 - from]?.history.reshare();
      await centre.commit('bulk', centre.entries(20));
    }
    await Promise.all(folds);
  }
  await Promise.all([one.fold(), other.fold()]);
  await assertWhole(centre);
  assert.ok(owned.every(({ size }) => size > 0));
  // Nobody got in another's way.
  for (const { logged } of opened)
    assert.deepEqual(
      logged.filter((line) => line.includes('error')),
      [],
    );
});

test('who does not know that his share is another’s adds nothing to it a second time', async () => {
  const centre = new Centre();
  const rollers = stores.map(
    (store) =>
      new Roller({
        ...{ store, levels, owns: () => true, clock: { now: () => T0 } },
        applied: (lane) => centre.applied[lane],
        keptFrom: () => ({ minute: 0, quarter: 0, day: 0 }),
      }),
  );
  centre.followers = rollers;
  for (const roller of rollers) await roller.catchUp(never);
  let refused = 0;
  const fold = async (roller: Roller): Promise<void> => {
    try {
      await roller.fold(never);
    } catch {
      refused++;
      // As `History` does after any failure.
      while (
        !(await roller.catchUp(never).then(
          () => true,
          () => false,
        ))
      )
        continue;
    }
  };
  for (let round = 0; round < 15; round++) {
    await centre.commit('bulk', centre.entries(30));
    // One after the other, and at the same moment.
    if (round % 2 === 0) for (const roller of rollers) await fold(roller);
    else await Promise.all(rollers.map(fold));
  }
  assert.ok(refused >= 15, `${refused} refused`);
  await assertWhole(centre);
});

test('a bucket that another process has changed since it was read is not written over', async () => {
  const centre = new Centre();
  const [read, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let isHeld = false;
  const held: Store = {
    ...stores[0],
    commit: async (steps) => {
      if (isHeld) {
        read.resolve();
        await released.promise;
      }
      return stores[0].commit(steps);
    },
  };
  const rollerOf = (store: Store, own: number): Roller =>
    new Roller({
      ...{ store, levels, owns: (partition) => partition === own, clock: { now: () => T0 } },
      applied: (lane) => centre.applied[lane],
      keptFrom: () => ({ minute: 0, quarter: 0, day: 0 }),
    });
  const [late, quick] = [rollerOf(held, 0), rollerOf(stores[1], 1)];
  for (const roller of [late, quick]) await roller.catchUp(never);
  centre.followers = [late, quick];
  // A device that moved: its rows of one day lie in a partition of either.
  const sample = (partition: number, ms: number): Sample[] => [
    { partition, venueId: `V${partition}`, deviceId: 'D', model: 'm', at: T0 + ms, values: [ms] },
  ];
  await centre.commit('bulk', [sample(0, 1)]);
  await late.fold(never);
  await centre.commit('bulk', [sample(0, 2), sample(1, 3)]);
  isHeld = true;
  const folding = late.fold(never);
  await read.promise;
  await quick.fold(never);
  released.resolve();
  await assert.rejects(folding, /another process has written to these roll-ups/);
  await late.catchUp(never);
  await assertWhole(centre);
});

test('a day is not dropped while another process has rows of it to add, and is when it has', async () => {
  const centre = new Centre();
  const old = T0 - 40 * DAY_MS;
  await stores[0].commit([partitionStep('telemetry', dayPartition('telemetry', old))]);
  const rows = [0, 1].map((partition) => [
    { partition, venueId: `V${partition}`, deviceId: `D${partition}`, model: 'm', at: old, values: [partition] },
  ]);
  await centre.commit('bulk', rows);
  const keeper = open(centre, stores[0], (partition) => partition === 0, true);
  await keeper.history.retain();
  assert.deepEqual(await detachedTables(stores[0]), [dayPartition('telemetry', old).name]);
  const other = open(centre, stores[1], (partition) => partition === 1, false);
  await other.history.fold();
  await other.history.retain();
  assert.equal((await detachedTables(stores[0])).length, 1, 'the other one does not keep house');
  await keeper.history.retain();
  assert.deepEqual(await detachedTables(stores[0]), []);
  await assertWhole(centre);
});
