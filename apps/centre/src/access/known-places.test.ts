import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { migrate } from '../store/migrate.ts';
import { migrations } from '../store/migrations/index.ts';
import { createPgliteStore } from '../store/pglite-store.ts';
import { KnownPlaces } from './known-places.ts';

test('an account’s places are its own, outlive a restart, and of more than twenty the oldest are forgotten', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'fengsui-places-'));
  const store = await createPgliteStore({ folder: path.join(folder, 'store') });
  t.after(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });
  await migrate(store, migrations);
  const clock = { at: 1_763_700_000_000, now: () => clock.at++ };
  const places = new KnownPlaces(store, clock);
  await places.load();
  await places.remember('li', ['10.0.0.7', 'browser']);
  assert.deepEqual([places.has('li', 'browser'), places.has('wu', 'browser')], [true, false]);
  for (let n = 0; n < 19; n++) await places.remember('li', [`10.0.1.${n}`]);
  await places.remember('li', ['browser']);
  for (let n = 19; n < 21; n++) await places.remember('li', [`10.0.1.${n}`]);
  const restarted = new KnownPlaces(store, clock);
  await restarted.load();
  for (const opened of [places, restarted]) {
    const known = ['browser', '10.0.1.20', '10.0.1.2'].map((place) => opened.has('li', place));
    const forgotten = ['10.0.0.7', '10.0.1.0', '10.0.1.1'].map((place) => opened.has('li', place));
    assert.deepEqual(
      [known, forgotten],
      [
        [true, true, true],
        [false, false, false],
      ],
    );
  }
  const rows = await store.query('select * from known_place');
  assert.equal(rows.length, 20);
  assert.doesNotMatch(JSON.stringify(rows), /browser|10[.]0/);
});
