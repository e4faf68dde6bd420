import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { createLog } from '../platform/log.ts';
import { RowsOnDisk } from './rows-on-disk.ts';
import { addWaiting, type WaitingDraft } from './waiting-file.ts';

const row = (at: number): WaitingDraft => ({
  draft: { by: 'somebody', via: 'session', act: 'alarm.acknowledge', result: 'done' },
  at,
});

async function withFile(work: (file: string, rows: RowsOnDisk) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'rows-on-disk-'));
  try {
    const file = path.join(folder, 'audit-waiting.jsonl');
    await work(file, new RowsOnDisk(file, createLog({ level: 'error', json: false, write: () => undefined })));
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('while rows are taken up their file stays, whatever is written meanwhile; then it goes', () =>
  withFile(async (file, rows) => {
    for (const at of [1, 2, 3]) await addWaiting(file, row(at));
    const taken: number[] = [];
    await rows.takeUp(async ({ at }) => {
      taken.push(at);
      await rows.clear(() => true);
      assert.ok(existsSync(file), `after row ${at}`);
      return true;
    });
    assert.deepEqual(taken, [1, 2, 3]);
    assert.equal(existsSync(file), false);
  }));

test('rows that are not in the chain yet keep their file until all are written', () =>
  withFile(async (file, rows) => {
    await addWaiting(file, row(1));
    await rows.takeUp(async () => false);
    assert.ok(existsSync(file));
    await rows.clear(() => false);
    assert.ok(existsSync(file));
    await rows.clear(() => true);
    assert.equal(existsSync(file), false);
  }));

test('a row that was written while it was put on disk does not stay there', () =>
  withFile(async (file, rows) => {
    await rows.add(row(1), () => false);
    assert.ok(existsSync(file));
    await rows.add(row(2), () => true);
    assert.equal(existsSync(file), false);
  }));
