import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { registryChange, house, T0, telemetry } from './entries.fixture.ts';
import { Rooms } from './rooms.fixture.ts';

const DAY_MS = 86_400_000;

let folder: string;
let rooms: Rooms;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fengsui-recall-'));
  rooms = await Rooms.open(folder);
  rooms.worker.start();
  await rooms.take('alarm', registryChange(house));
  const report = (seq: number, at: number) =>
    telemetry('D1', { epoch: 'r', seq, at, values: { 't1.temperatureC': seq } });
  await rooms.take('bulk', ...[1, 2, 3].map((seq) => report(seq, T0 - 60 * DAY_MS)), report(4, T0));
  await rooms.close();
  // A process of its own knows which numbers came, not what was in them.
  rooms = await Rooms.open(folder);
  rooms.worker.start();
});
after(async () => {
  await rooms.close();
  await rm(folder, { recursive: true, force: true });
});

const again = (seq: number, at: number, value: number) =>
  telemetry('D1', { epoch: 'r', seq, at, values: { 't1.temperatureC': value } }, { live: false });

test('reports that come again are compared with their stored rows, all of a batch at once', async () => {
  const counted = await rooms.count('telemetry');
  await rooms.take('bulk', again(1, T0 - 60 * DAY_MS, 1), again(2, T0 - 60 * DAY_MS, 99), again(4, T0, 4));
  // Only the second is another report under a used number.
  assert.equal(await rooms.count('telemetry'), counted + 1);
  assert.equal(await rooms.count(`alarm where doc ->> 'kind' = 'sequenceReset'`), 1);
});

test('a report whose raw rows are no longer kept is not stored again, a new one under its number is', async () => {
  await rooms.store.commit([
    { kind: 'sql', sql: 'delete from telemetry where at < $1', params: [T0 - 30 * DAY_MS] },
    { kind: 'sql', sql: 'update history_state set raw_from = $1', params: [T0 - 30 * DAY_MS] },
  ]);
  const counted = await rooms.count('telemetry');
  await rooms.take('bulk', again(3, T0 - 60 * DAY_MS, 3), again(3, T0, 33));
  assert.equal(await rooms.count('telemetry'), counted + 1);
});
