import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { partitionOf } from '../journal/partition.ts';
import { Registry } from '../registry/registry.ts';
import type { Store } from '../store/store.ts';
import { observeRegistryChange } from './apply-registry-change.ts';
import { applyEntry } from './apply-entry.ts';
import { decodeEntry } from './decoded-entry.ts';
import { Effects } from './effects.ts';
import { deviceRecord, event, house, registryChange, T0 } from './entries.fixture.ts';
import { restoreSituation } from './restore.ts';
import { openStore, Rooms } from './rooms.fixture.ts';
import { SHARD_COUNT } from './share.ts';
import { Situation } from './situation.ts';

let folder: string;
let store: Store;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fengsui-share-'));
  store = await openStore(folder);
});
after(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const EVERYTHING = { leads: true, shards: new Set(Array.from({ length: SHARD_COUNT }, (_, shard) => shard)) };

test('before it is on record that there are shares, it is on record how far each of them is', async () => {
  const rooms = await Rooms.open(folder, { store });
  try {
    rooms.worker.start();
    const [sequence = 0] = await rooms.take('alarm', registryChange([...house]));
    const found = await rooms.worker.beginSharing(EVERYTHING, async () => {
      assert.equal(rooms.situation.share, undefined);
      return (await restoreSituation(new Situation(new Registry()), store, T0)).positions;
    });
    assert.deepEqual(found.alarm, new Array(SHARD_COUNT).fill(sequence));
    assert.equal(rooms.situation.share, EVERYTHING);
  } finally {
    await rooms.close();
  }
});

test('a process that has no share reads nothing: what the others have applied may be gone', async () => {
  const read = async (): Promise<never> => Promise.reject(new Error('the server has it no more'));
  const rooms = await Rooms.open(folder, { store, wrapJournal: (journal) => ({ ...journal, read }) });
  rooms.situation.share = { leads: false, shards: new Set() };
  await rooms.journal.append('alarm', [registryChange([])]);
  rooms.worker.start();
  await rooms.close();
  assert.deepEqual(rooms.fatal, []);
});

test('what waits for its turn between two batches is told when the worker stops first', async () => {
  const rooms = await Rooms.open(folder, { store });
  rooms.worker.start();
  const stopping = rooms.worker.stop();
  await assert.rejects(rooms.worker.releaseShards(new Set([1])), /stopped/);
  await stopping;
  await rooms.close();
});

test('a change of the registry that is committed while a share is read is in the registry, or still to come', async () => {
  const rooms = await Rooms.open(folder, { store });
  rooms.worker.start();
  const model = { kind: 'devicePut', device: deviceRecord('late') } as const;
  let isTaken = false;
  // Another process commits it when the registry has just been read.
  const slow: Store = {
    ...store,
    query: async (sql, params) => {
      const rows = await store.query(sql, params);
      if (!isTaken && sql === 'select doc from device') {
        isTaken = true;
        await rooms.take('alarm', registryChange([model]));
      }
      return rows;
    },
  };
  const situation = new Situation(new Registry());
  const { applied } = await restoreSituation(situation, slow, T0, [1]);
  assert.equal(situation.registry.device('late'), undefined);
  assert.ok(applied.alarm < rooms.worker.applied.alarm, 'its entry is read');
  await rooms.close();
});

test('what has ended for a retired device ends in the shards alone that had not come so far', () => {
  const situation = new Situation(new Registry());
  for (const change of house) situation.registry.apply(change);
  const device = deviceRecord('A1');
  situation.registry.apply({ kind: 'devicePut', device });
  const entry = {
    ...event('A1', { epoch: 'a', seq: 1, at: T0, kind: 'arc', point: 'c1', active: true, level: 'alarm' }),
    lane: 'alarm',
    sequence: 1,
  } as const;
  applyEntry(situation, new Effects(), decodeEntry(entry), new Map());
  situation.share = EVERYTHING;
  const retired = { kind: 'devicePut', device: { ...device, life: 'retired' } } as const;
  const isActive = (): boolean => Object.keys(situation.openConditionsOf('A1')[0]?.condition.sources ?? {}).length > 0;
  assert.ok(isActive());
  const own = partitionOf(device.venueId);
  const but = { registry: false, partition: (partition: number) => partition !== own };
  observeRegistryChange(situation, new Effects(), retired, T0, but);
  assert.ok(isActive(), 'another process has had it; what came since is another alarm');
  assert.equal(situation.registry.device('A1')?.life, device.life);
  observeRegistryChange(situation, new Effects(), retired, T0, { registry: false, partition: () => true });
  assert.ok(!isActive());
});
