import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { shippedModel } from '@fengsui/fingerprint';
import { syntheticSource } from '../../test/synthetic-source.ts';
import { defaultCaptureWindow } from '../capture/capture-recorder.ts';
import { createBoardMonitor } from '../measurement/board-monitor.ts';
import type { SourceBlock } from '../source/sample-source.ts';
import { createStateFile, loadState } from './state-file.ts';
import type { TerminalState } from './terminal-state.ts';

/** What a board that measured half a second keeps, with a counter of its own. */
const state = (kwh: number): TerminalState => {
  const source = syntheticSource({ durationMs: 500, circuits: [{ ratedA: 16, currentA: () => 10 }] });
  const monitor = createBoardMonitor({
    source,
    startAtMs: 1_763_718_000_000,
    intervalMs: 1000,
    captureWindow: defaultCaptureWindow,
    model: shippedModel(),
  });
  for (const block of source.blocks() as Iterable<SourceBlock>) monitor.push(block, () => undefined);
  return { ...monitor.state(), energyKwh: { c1: kwh } };
};

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
    const whole = createStateFile(file);
    whole.save(state(1));
    await whole.settled();
    const written = await readFile(file, 'utf8');
    for (const text of ['', '[]', '{"energyKwh":{}}', written.replace('"c1":1', '"c1":2'), written.slice(0, -9)]) {
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
