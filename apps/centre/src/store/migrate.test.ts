import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { migrate } from './migrate.ts';
import type { Migration } from './migrate.ts';
import { createPgliteStore } from './pglite-store.ts';
import { isStoreError } from './store-error.ts';
import type { Step, Store } from './store.ts';

const step = (sql: string): Step => ({ kind: 'sql', sql });
const FIRST: Migration = {
  version: 1,
  name: 'first',
  steps: [step('CREATE TABLE a (id int4)'), step('INSERT INTO a VALUES (1)')],
};
const SECOND: Migration = { version: 2, name: 'second', steps: [step('ALTER TABLE a ADD COLUMN name text')] };
const nowMs = (): number => 1_763_718_000_123;

let folder: string;
let store: Store;
before(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'fengsui-migrate-'));
  store = await createPgliteStore({ folder });
});
after(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  await store.commit([step('DROP SCHEMA public CASCADE'), step('CREATE SCHEMA public')]);
});

test('an empty store gets every version, once, with the time it was applied', async () => {
  assert.deepStrictEqual(await migrate(store, [FIRST, SECOND], { nowMs }), { from: 0, to: 2 });
  assert.deepStrictEqual(await migrate(store, [FIRST, SECOND], { nowMs }), { from: 2, to: 2 });
  assert.deepStrictEqual(await store.query('SELECT id, name FROM a'), [{ id: 1, name: null }]);
  assert.deepStrictEqual(await store.query('SELECT * FROM schema_version ORDER BY version'), [
    { version: 1, name: 'first', applied_at: nowMs(), product: null },
    { version: 2, name: 'second', applied_at: nowMs(), product: null },
  ]);
});

test('a store of an earlier version gets what is new only', async () => {
  await migrate(store, [FIRST], { nowMs });
  assert.deepStrictEqual(await migrate(store, [FIRST, SECOND], { nowMs }), { from: 1, to: 2 });
  assert.deepStrictEqual(await store.query('SELECT count(*) AS n FROM a'), [{ n: 1 }]);
});

test('a version that fails halfway leaves the version before it whole, and may be tried again', async () => {
  const broken: Migration = { version: 2, name: 'second', steps: [...SECOND.steps, step('SELECT 1 / 0')] };
  await assert.rejects(
    migrate(store, [FIRST, broken], { nowMs }),
    /^StoreError: migration 2 second: .*division by zero/,
  );
  assert.deepStrictEqual(await store.query('SELECT version FROM schema_version'), [{ version: 1 }]);
  assert.deepStrictEqual(await migrate(store, [FIRST, SECOND], { nowMs }), { from: 1, to: 2 });
});

test('a store written by a newer program is refused, naming that program, and left as it is', async () => {
  await migrate(store, [FIRST, SECOND], { nowMs, product: '7.8.9' });
  await assert.rejects(
    migrate(store, [FIRST], { nowMs }),
    (error: unknown) =>
      isStoreError(error, 'newerVersion') &&
      /version 2 \(second\).*up to 1; start Fengsui 7[.]8[.]9 or newer, or restore the backup/.test(error.message),
  );
});

test('what is to be done before the first change is done once, for a store that has something to lose', async () => {
  const calls: [number, number][] = [];
  const before = async (from: number, to: number): Promise<void> => void calls.push([from, to]);
  await migrate(store, [FIRST], { nowMs, before });
  await migrate(store, [FIRST, SECOND], { nowMs, before });
  await migrate(store, [FIRST, SECOND], { nowMs, before });
  assert.deepStrictEqual(calls, [[1, 2]]);
});

test('when it fails, nothing is changed', async () => {
  await migrate(store, [FIRST], { nowMs });
  const before = (): Promise<void> => Promise.reject(new Error('no room'));
  await assert.rejects(migrate(store, [FIRST, SECOND], { nowMs, before }), /no room/);
  assert.deepStrictEqual(await store.query('SELECT version FROM schema_version'), [{ version: 1 }]);
});

test('a store of before the versions of the program were kept gets them from the next one on', async () => {
  await store.commit([
    step('CREATE TABLE schema_version (version int4 PRIMARY KEY, name text NOT NULL, applied_at int8 NOT NULL)'),
    step(`INSERT INTO schema_version VALUES (1, 'first', 0)`),
    step('CREATE TABLE a (id int4)'),
  ]);
  await migrate(store, [FIRST, SECOND], { nowMs, product: '2.0.0' });
  assert.deepStrictEqual(await store.query('SELECT version, product FROM schema_version ORDER BY version'), [
    { version: 1, product: null },
    { version: 2, product: '2.0.0' },
  ]);
});

test('a store with another history is refused', async () => {
  await migrate(store, [FIRST], { nowMs });
  const other: Migration = { ...FIRST, name: 'something-else' };
  await assert.rejects(migrate(store, [other, SECOND], { nowMs }), { code: 'migration' });
});

test('a list out of order is refused before the store is touched', async () => {
  await assert.rejects(migrate(store, [SECOND, FIRST], { nowMs }), { code: 'migration' });
  await assert.rejects(store.query('SELECT * FROM schema_version'), { code: 'sql' });
});

test('two programs that start together apply each version once', async () => {
  const outcomes = await Promise.all([
    migrate(store, [FIRST, SECOND], { nowMs }),
    migrate(store, [FIRST, SECOND], { nowMs }),
  ]);
  assert.deepStrictEqual(
    outcomes.map(({ to }) => to),
    [2, 2],
  );
  assert.deepStrictEqual(await store.query('SELECT count(*) AS n FROM a'), [{ n: 1 }]);
});
