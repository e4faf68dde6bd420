import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { createStateFile, loadState } from './state-file.ts';
import type { TerminalState } from './terminal-state.ts';

const state = (kwh: number): TerminalState => ({
  energyKwh: { c1: kwh },
  hazards: {
    exceeded: [{ pointId: 'c1.currentA', ruleId: 'overload-alarm-c1', value: 25 }],
    active: [
      {
        kind: 'overload',
        point: 'c1',
        pointId: 'c1.currentA',
        active: true,
        level: 'alarm',
        at: 5,
        value: 25,
        limit: 23.2,
      },
    ],
  },
});

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'fengsui-state-'));
  await use(folder).finally(() => rm(folder, { recursive: true }));
}

test('the newest state is read back whole and nothing else is left in the folder', () =>
  withFolder(async (folder) => {
    const file = path.join(folder, 'D1.json');
    assert.equal(await loadState(file), undefined);
    const kept = createStateFile(file);
    for (let kwh = 0; kwh < 20; kwh++) kept.save(state(kwh));
    await kept.settled();
    assert.deepEqual(await loadState(file), state(19));
    assert.deepEqual(await readdir(folder), ['D1.json']);
  }));

test('a file that holds something else is refused, naming it', () =>
  withFolder(async (folder) => {
    const file = path.join(folder, 'D1.json');
    for (const text of [
      '',
      '[]',
      '{"energyKwh":{"c1":-1}}',
      '{"energyKwh":{},"hazards":{"exceeded":[],"active":[7]}}',
    ]) {
      await writeFile(file, text);
      await assert.rejects(loadState(file), /D1\.json: .*expected a terminal's state/);
    }
  }));

test('a state that cannot be written is told', () =>
  withFolder(async (folder) => {
    const kept = createStateFile(path.join(folder, 'missing', 'D1.json'));
    kept.save(state(1));
    await assert.rejects(kept.settled(), /the state was not kept/);
  }));
