import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import type { NewEntry } from './entry.ts';
import { listSegments } from './segment-file.ts';
import { openSegmentJournal } from './segment-journal.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'fengsui-room-'));
after(() => rm(folder, { recursive: true, force: true }));

const entry: NewEntry = { kind: 'report', partition: 3, appendedAt: 1000, meta: {} };

test('while what is left of the disk is for alarms, the bulk lane waits and the alarm lane goes on', async () => {
  let hasRoom = false;
  const journal = await openSegmentJournal({
    folder,
    startAfter: { alarm: 0, bulk: 0 },
    warn: () => undefined,
    onHeld: () => undefined,
    retryMs: 5,
    hasRoom: () => hasRoom,
  });
  const order: string[] = [];
  const bulk = journal.append('bulk', [entry]).then(() => order.push('bulk'));
  await journal.append('alarm', [entry]).then(() => order.push('alarm'));
  await journal.append('alarm', [entry]).then(() => order.push('alarm'));
  assert.equal(journal.lastSequence('bulk'), 0);
  hasRoom = true;
  await bulk;
  assert.deepEqual(order, ['alarm', 'alarm', 'bulk']);
  await journal.close();
});

test('what is held is not deleted until it is let go', async () => {
  const held = path.join(folder, 'held');
  const options = { startAfter: { alarm: 0, bulk: 0 }, warn: () => undefined, onHeld: () => undefined };
  const journal = await openSegmentJournal({ ...options, folder: held, segmentBytes: 1 });
  for (let n = 0; n < 5; n++) await journal.append('bulk', [entry]);
  const letGo = journal.hold?.();
  await journal.trim('bulk', 5);
  const segments = async (): Promise<readonly number[]> =>
    (await listSegments(held, 'bulk')).map(({ firstSequence }) => firstSequence);
  assert.deepEqual(await segments(), [1, 2, 3, 4, 5]);
  letGo?.();
  letGo?.();
  await journal.trim('bulk', 5);
  assert.deepEqual(await segments(), [5]);
  await journal.close();
});

test('a store that is older than the journal is refused: entries between them would be lost in silence', async () => {
  const gone = path.join(folder, 'gone');
  const options = { warn: () => undefined, onHeld: () => undefined, folder: gone };
  const journal = await openSegmentJournal({ ...options, startAfter: { alarm: 0, bulk: 0 }, segmentBytes: 1 });
  for (let n = 0; n < 5; n++) await journal.append('bulk', [entry]);
  await journal.trim('bulk', 4);
  await journal.close();
  await assert.rejects(
    openSegmentJournal({ ...options, startAfter: { alarm: 0, bulk: 2 } }),
    /journal bulk .* begins at entry 5, the store has applied up to 2: the store is older/,
  );
  for (const bulk of [4, 5, 9]) {
    await (await openSegmentJournal({ ...options, startAfter: { alarm: 0, bulk } })).close();
  }
});
