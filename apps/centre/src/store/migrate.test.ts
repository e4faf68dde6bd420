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
    { version: 1, name: 'first', applied_at: nowMs() },
    { version: 2, name: 'second', applied_at: nowMs() },
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

test('a store written by a newer program is refused and left as it is', async () => {
  await migrate(store, [FIRST, SECOND], { nowMs });
  await assert.rejects(
    migrate(store, [FIRST], { nowMs }),
    (error: unknown) => isStoreError(error, 'newerVersion') && /version 2 \(second\).*up to 1/.test(error.message),
  );
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
