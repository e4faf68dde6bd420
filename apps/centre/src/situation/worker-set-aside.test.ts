import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { NewEntry } from '../journal/entry.ts';
import type { RegistryChange } from '../registry/registry-change.ts';
import { StoreError } from '../store/store-error.ts';
import type { Step, Store } from '../store/store.ts';
import { deviceRecord, event, house, registryChange, T0, telemetry } from './entries.fixture.ts';
import { openStore, Rooms } from './rooms.fixture.ts';

const POISON = 666;

let folder: string;
let store: Store;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fengsui-set-aside-'));
  store = await openStore(folder);
  const rooms = await Rooms.open(folder, { store });
  rooms.worker.start();
  const devices = ['A1', 'B1'].map((id): RegistryChange => ({ kind: 'devicePut', device: deviceRecord(id) }));
  await rooms.take('alarm', registryChange([...house, ...devices]));
  await rooms.close();
});
after(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

/** A store that will never take a row with the value 666, as a broken constraint of ours would not. */
function refusingPoison(real: Store): Store {
  const isPoisoned = (step: Step): boolean =>
    step.kind === 'copy' && step.table === 'telemetry' && JSON.stringify(step.rows).includes(`${POISON}`);
  return {
    ...real,
    commit: async (steps) => {
      if (steps.some(isPoisoned)) throw new StoreError('constraint', 'no row may hold 666');
      return real.commit(steps);
    },
  };
}

const report = (deviceId: string, seq: number, value: number): NewEntry =>
  telemetry(
    deviceId,
    { epoch: 'w', seq, at: T0 + seq, values: { 'c1.activePowerW': value } },
    { receivedAt: T0 + seq },
  );

const arc = (deviceId: string, seq: number): NewEntry =>
  event(deviceId, { epoch: 'w', seq, at: T0 + seq, kind: 'arc', point: 'c1', active: true, level: 'alarm' });

test('an entry that the store will never take is set aside alone; what came with it and after it is stored', async () => {
  const rooms = await Rooms.open(folder, { store, wrapStore: refusingPoison });
  try {
    rooms.worker.start();
    await rooms.take('alarm', arc('A1', 1));
    await rooms.take('bulk', report('A1', 2, 20), report('A1', 3, POISON), report('B1', 1, 10), report('A1', 4, 40));
    await rooms.take('bulk', report('A1', 5, 50));

    const rows = await rooms.store.query(
      'select device_id, seq from telemetry where device_id = any($1::text[]) order by device_id, seq',
      [['A1', 'B1']],
    );
    assert.deepEqual(
      rows.map((row) => `${String(row['device_id'])} ${String(row['seq'])}`),
      ['A1 2', 'A1 4', 'A1 5', 'B1 1'],
    );
    const quarantined = await rooms.store.query("select device_id, reason from quarantine where device_id = 'A1'");
    assert.deepEqual(
      quarantined.map(({ reason }) => reason),
      ['notStored: no row may hold 666'],
    );
    assert.deepEqual(rooms.fatal, []);
    assert.equal(rooms.situation.values.get('A1', 'c1.activePowerW')?.value, 50);
    // Memory was rebuilt from the store: the alarm of before is still known, once.
    assert.equal(rooms.situation.alarms({ venues: 'all' }).length, 1);
    assert.match(rooms.logged.join('\n'), /store refuses a batch for good/);
  } finally {
    await rooms.close();
  }
});
