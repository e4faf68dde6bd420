import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { defaultLimitRules, ruleOfLimit } from '@fengsui/alarm';
import { Registry } from '../registry/registry.ts';
import { deviceRecord, house, T0 } from '../situation/entries.fixture.ts';
import { openStore } from '../situation/rooms.fixture.ts';
import { inTrialOrder, tryRule } from './try-rule.ts';

test('a trial comes to devices in an order that is the same each time, and has nothing to do with their names', () => {
  const devices = Array.from({ length: 1_000 }, (_, i) => deviceRecord(`D${String(i).padStart(4, '0')}`));
  const ids = inTrialOrder(devices).map(({ id }) => id);
  assert.deepEqual(
    inTrialOrder([...devices].reverse()).map(({ id }) => id),
    ids,
  );
  assert.equal(new Set(ids).size, 1_000);
  // Of 200 of the first half 100 are expected among the first 200; 60 to 140 is beyond five sigma.
  const ofFirstHalf = ids.slice(0, 200).filter((id) => id < 'D0500').length;
  assert.ok(ofFirstHalf > 60 && ofFirstHalf < 140, String(ofFirstHalf));
});

test('each report is read once, where a page ends among several of one instant too', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'fengsui-try-'));
  const store = await openStore(folder);
  try {
    const registry = new Registry();
    for (const change of house) registry.apply(change);
    const limit = defaultLimitRules.find(({ id }) => id === 'terminal-temperature-alarm');
    assert.ok(limit);
    const points = registry.model('generic-terminal')?.points ?? [];
    const column = points.findIndex(({ id }) => id === 't1.temperatureC') + 1;
    // Three of each instant: a page of 5,000 ends after the second one. The last of all is hot, for longer than the delay.
    const sql = `insert into telemetry (partition, venue_id, origin, device_id, epoch, seq, row_index, at, received_at, model,
        model_version, live, digest, "values", identity_suspect, lane_sequence)
      select 0, 'V1', 'live', 'D1', 'e', n, 0, $1::int8 + n / 3, 0, 'generic-terminal', 1, true, '\\x00',
        array_fill(null::float8, array[${column - 1}]) || (case when n < 12000 then 20 else 99 end)::float8, false, 0
      from generate_series(3, 12002) n`;
    await store.commit([{ kind: 'sql', sql, params: [T0] }]);
    const trial = await tryRule(
      { store, registry, inForce: () => undefined },
      { rule: ruleOfLimit(limit), state: 'draft', author: 'a', lines: [] },
      { days: 1, now: T0 + 60_000, by: 'a', signal: new AbortController().signal, onProgress: () => undefined },
    );
    assert.deepEqual([trial.reportCount, trial.version], [12_000, { raisedCount: 1, deviceCount: 1 }]);
    assert.deepEqual(
      trial.examples.map(({ at, value }) => [at - T0, value]),
      [[4_000 + 3_000, 99]],
    );
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
});
