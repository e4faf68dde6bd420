import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { createLog } from '../platform/log.ts';
import type { BackupDesk } from './backup-desk.ts';
import { backupName } from './backup-name.ts';
import { BackupSchedule } from './backup-schedule.ts';
import { backupStanding } from './backup-standing.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'fengsui-schedule-'));
after(() => rm(folder, { recursive: true, force: true }));

const T0 = Date.UTC(2026, 10, 22);
const HOUR_MS = 3_600_000;

test('a backup is made when the last one is old enough, again an hour after a failure, and the newest stay', async () => {
  let now = T0;
  let fails = false;
  let last: BackupDesk['last'];
  let failedCount = 0;
  const made: string[] = [];
  const desk = {
    state: { kind: 'none' },
    get last() {
      return last;
    },
    create: async (file: string) => {
      if (fails) throw new Error('no room');
      await writeFile(file, '');
      made.push(path.basename(file));
      last = { file, bytes: 0, asOf: new Date(now).toISOString() };
    },
  } as unknown as BackupDesk;
  const schedule = new BackupSchedule({
    desk,
    everyHours: 24,
    folder,
    keep: 2,
    clock: { now: () => now },
    log: createLog({ level: 'error', json: false, write: () => undefined }),
    onFailed: () => failedCount++,
  });
  const lookAfter = async (hours: number): Promise<number> => {
    now = T0 + hours * HOUR_MS;
    await schedule.look();
    return made.length;
  };
  await writeFile(path.join(folder, backupName('asked', T0)), '');
  assert.deepEqual([await lookAfter(0), await lookAfter(1), await lookAfter(23.9), await lookAfter(24)], [1, 1, 1, 2]);
  assert.equal(failedCount, 0);
  fails = true;
  await lookAfter(48);
  assert.equal(failedCount, 1);
  fails = false;
  assert.deepEqual([await lookAfter(48.5), await lookAfter(49)], [2, 3]);
  const left = (await readdir(folder)).sort();
  assert.deepEqual(left, [backupName('asked', T0), ...made.slice(1)].sort());
  fails = true;
  schedule.stop();
  await lookAfter(100);
  assert.equal(failedCount, 1, 'one that is given up because the centre stops is no failure');
});

test('none, one of the last 7 days, an older one and a failed one are told apart', () => {
  const last = { file: '/b', bytes: 1, asOf: new Date(T0).toISOString() };
  const at = (days: number) => backupStanding({ state: { kind: 'none' }, last }, T0 + days * 24 * HOUR_MS).state;
  assert.equal(backupStanding({ state: { kind: 'none' }, last: undefined }, T0).state, 'held');
  assert.deepEqual([at(0), at(7), at(7.1)], ['works', 'works', 'held']);
  const failed = { kind: 'failed', file: '/b', reason: 'no room' } as const;
  assert.match(backupStanding({ state: failed, last }, T0).reason ?? '', /no room/);
  assert.equal(backupStanding({ state: failed, last }, T0).state, 'broken');
});
