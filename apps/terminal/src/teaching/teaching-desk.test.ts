import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { recentLoad } from '../../test/recent-load.ts';
import type { LoadSwitch } from '../loads/circuit-loads.ts';
import { nothingTaught } from '../loads/taught-loads.ts';
import { judge } from './judge.ts';
import { createTeachingDesk } from './teaching-desk.ts';
import { readRecent, teachingFilesOf, writeTaught } from './teaching-files.ts';

function files(context: TestContext) {
  const folder = mkdtempSync(path.join(tmpdir(), 'fengsui-teaching-'));
  context.after(() => rmSync(folder, { recursive: true }));
  return { folder, files: teachingFilesOf(path.join(folder, 'd1.json')) };
}

const switched = (loadEventId: string): LoadSwitch => {
  const { kind, at, named, fingerprint, shape } = recentLoad();
  const evidence = { loadEventId, switching: { activePowerW: 1000 }, shape } as LoadSwitch['evidence'];
  const recognition = { named, types: [], families: [] } as unknown as LoadSwitch['recognition'];
  return { kind, at, confidence: 0.9, evidence, fingerprint, recognition };
};

test('what is taught while the terminal runs is taken up within seconds, once', (context) => {
  const place = files(context);
  const clock = { now: 0 };
  const desk = createTeachingDesk(place.files, () => clock.now);
  assert.equal(desk.taught('c1').enrolled.version, 0);
  writeTaught(place.files, { c1: judge(nothingTaught(), recentLoad(), { verdict: 'confirm', at: 1 }) });
  assert.deepEqual(desk.changed(), [], 'not looked at yet');
  clock.now = 2000;
  assert.deepEqual(desk.changed(), ['c1']);
  assert.equal(desk.taught('c1').enrolled.devices[0]?.name, 'kettle');
  clock.now = 4000;
  assert.deepEqual(desk.changed(), []);
});

test('a half-written file is passed over and looked at again; at the start it is refused by name', (context) => {
  const place = files(context);
  const clock = { now: 0 };
  const desk = createTeachingDesk(place.files, () => clock.now);
  writeFileSync(place.files.taught, '{"c1":');
  clock.now = 2000;
  assert.deepEqual(desk.changed(), []);
  assert.throws(() => createTeachingDesk(place.files, () => 0), /d1\.taught\.json: expected JSON/);
  writeTaught(place.files, { c1: judge(nothingTaught(), recentLoad(), { verdict: 'confirm', at: 1 }) });
  clock.now = 4000;
  assert.deepEqual(desk.changed(), ['c1']);
});

test('the newest hundred switchings are kept over a restart, and nothing else is left in the folder', (context) => {
  const place = files(context);
  const desk = createTeachingDesk(place.files, () => 0);
  for (let n = 0; n < 130; n++) desk.remember('c1', switched(`c1-x-${n}`));
  desk.close();
  const kept = readRecent(place.files);
  assert.deepEqual([kept.length, kept[0]?.loadEventId, kept.at(-1)?.loadEventId], [100, 'c1-x-30', 'c1-x-129']);
  const again = createTeachingDesk(place.files, () => 0);
  again.remember('c1', switched('c1-y-0'));
  again.close();
  assert.equal(readRecent(place.files).at(-2)?.loadEventId, 'c1-x-129');
  assert.deepEqual(readdirSync(place.folder), ['d1.loads.json']);
});
