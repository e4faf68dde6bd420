import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PGlite } from '@electric-sql/pglite';
import { durableStartParams, patchFsync } from './pglite-fsync.ts';

test('an engine without exactly one folder to sync is refused', async () => {
  const database = await PGlite.create('memory://');
  assert.throws(() => patchFsync(database), { code: 'durability', message: /found 0/ });
  await database.close();
});

test('the start parameters turn fsync on and leave out the -F of PGlite', () => {
  assert.ok(PGlite.defaultStartParams.includes('-F'), 'PGlite starts with -F no more: look at its durability anew');
  assert.ok(!durableStartParams.includes('-F'));
  assert.ok(durableStartParams.includes('fsync=on'));
});
