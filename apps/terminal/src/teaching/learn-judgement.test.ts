import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { recentLoad } from '../../test/recent-load.ts';
import { learnJudgement, rollBackTeaching } from './learn-judgement.ts';
import { readTaught, teachingFilesOf, writeRecent, type TeachingFiles } from './teaching-files.ts';

function files(context: TestContext): TeachingFiles {
  const folder = mkdtempSync(path.join(tmpdir(), 'fengsui-learn-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const found = teachingFilesOf(path.join(folder, 'd1.json'));
  writeRecent(found, [recentLoad()]);
  return found;
}
const { loadEventId } = recentLoad();
const said = { loadEventId, verdict: 'rename', name: 'kettle in the pantry', by: 'analyst', at: 1_700 } as const;

test('a judgement is learned once, however often it comes, and the same words of another day count again', (context) => {
  const place = files(context);
  const devices = [{ deviceId: 'd1', name: 'kettle in the pantry' }];
  assert.deepEqual(learnJudgement(place, said), { learned: true, circuit: 'c1', version: 1, devices });
  assert.deepEqual(learnJudgement(place, said), { learned: false, circuit: 'c1', version: 1, devices });
  assert.deepEqual(learnJudgement(place, { ...said, at: 1_701 }), {
    learned: true,
    circuit: 'c1',
    version: 2,
    devices,
  });
  assert.equal(readTaught(place)['c1']?.enrolled.devices[0]?.templates.length, 2);
});

test('what was learned is taken back as a new version', (context) => {
  const place = files(context);
  learnJudgement(place, said);
  assert.deepEqual(rollBackTeaching(place, 'c1', 0, 9), { learned: true, circuit: 'c1', version: 2, devices: [] });
  assert.throws(() => rollBackTeaching(place, 'c1', 7, 9), /version is 7, expected one of 0, 1, 2/);
});

test('a switching that is not known any more, or a name of blanks, is refused and changes nothing', (context) => {
  const place = files(context);
  assert.throws(
    () => learnJudgement(place, { ...said, loadEventId: 'c1-gone-1' }),
    /no load event c1-gone-1; .*too old/,
  );
  assert.throws(() => learnJudgement(place, { ...said, name: '  ' }), /a name is needed/);
  assert.deepEqual(readTaught(place), {});
});
