import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { checkStoreNotLost } from './check-store-not-lost.ts';
import { migrate } from './migrate.ts';
import { createPgliteStore } from './pglite-store.ts';

test('an empty store is a beginning beside no journal, and a loss beside one that is in use', async () => {
  const scratch = await mkdtemp(path.join(tmpdir(), 'fengsui-lost-'));
  const store = await createPgliteStore({ folder: scratch });
  try {
    const journal = path.join(scratch, 'journal');
    await checkStoreNotLost(store, journal);
    await mkdir(journal);
    await checkStoreNotLost(store, journal);
    await writeFile(path.join(journal, 'alarm-0000000000000001.journal'), '');
    const emptied = /store has been made anew, but the journal in .* is in use: .* restore a backup/;
    await assert.rejects(checkStoreNotLost(store, journal), (error: Error & { code?: string }) => {
      assert.match(error.message, emptied);
      return error.code === 'lost';
    });
    await assert.rejects(checkStoreNotLost({ ...store, engine: 'postgres' }, journal), /database[.]url is empty/);
    await migrate(store, [{ version: 1, name: 'first', steps: [{ kind: 'sql', sql: 'CREATE TABLE a (n int4)' }] }]);
    await checkStoreNotLost(store, journal);
  } finally {
    await store.close();
    await rm(scratch, { recursive: true, force: true });
  }
});
