import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { shippedModel } from '@fengsui/fingerprint';
import { readEvidence } from '@fengsui/protocol';
import { runTerminal, startedAt } from '../test/run-terminal.ts';
import { nothingTaught } from './loads/taught-loads.ts';
import { judge } from './teaching/judge.ts';
import { createTeachingDesk } from './teaching/teaching-desk.ts';
import { readRecent, teachingFilesOf, writeTaught } from './teaching/teaching-files.ts';

/** 4 A for ever; 5 A more of the same kind from 2 s to 6 s. */
const heaterOnTop = { currentA: (ms: number) => (ms >= 2000 && ms < 6000 ? 9 : 4) };

test('a load switched on and off is told with its fingerprint, and the first has a capture around its switching', async () => {
  const { uplink } = await runTerminal({ durationMs: 9000, circuits: [heaterOnTop] }, { model: shippedModel() });
  const events = uplink.events();
  assert.deepEqual(
    events.map(({ eventKind, point, isMomentary }) => [eventKind, point, isMomentary]),
    [
      ['loadOn', 'c1', true],
      ['loadOff', 'c1', true],
    ],
  );
  const [on, off] = events;
  assert.ok(on && off);
  const switchedMs = (on.at ?? NaN) - startedAt;
  assert.ok(Math.abs(switchedMs - 2000) <= 40, `${switchedMs} ms`);
  const evidence = readEvidence(on.evidence);
  assert.ok(evidence?.schema === 'load/1', JSON.stringify(on.evidence));
  // 230 V, 5 A in phase: 1150 W, no harmonics, and it is a resistor.
  assert.ok(Math.abs(evidence.switching.activePowerW / 1150 - 1) < 0.005, `${evidence.switching.activePowerW} W`);
  assert.equal(evidence.recognition.families[0]?.family, 'resistive');
  assert.ok(evidence.shape.harmonics.every(({ ratio }) => ratio < 0.005));
  assert.equal(on.captureId, 'e1-1');
  assert.deepEqual([...uplink.captures().keys()], ['e1-1']);
  const offEvidence = readEvidence(off.evidence);
  assert.ok(offEvidence?.schema === 'load/1' && offEvidence.switching.activePowerW > 0);
  assert.notEqual(offEvidence.loadEventId, evidence.loadEventId);
});

test('what is taught is what the next switching is called', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'fengsui-taught-'));
  try {
    const files = teachingFilesOf(path.join(folder, 'D1.json'));
    const options = { model: shippedModel(), teaching: createTeachingDesk(files, Date.now) };
    await runTerminal({ durationMs: 9000, circuits: [heaterOnTop] }, options);
    const [recent] = readRecent(files);
    assert.ok(recent && readRecent(files).length === 2);
    const judgement = { verdict: 'rename', name: '热得快', at: 1 } as const;
    writeTaught(files, { c1: judge(nothingTaught(), recent, judgement) });
    const { uplink } = await runTerminal(
      { durationMs: 9000, circuits: [heaterOnTop] },
      { ...options, teaching: createTeachingDesk(files, Date.now) },
    );
    const evidence = readEvidence(uplink.events()[0]?.evidence);
    assert.ok(evidence?.schema === 'load/1');
    assert.equal(evidence.recognition.device?.name, '热得快');
    assert.equal(evidence.baseline?.name, '热得快');
    assert.equal(evidence.model.enrolmentVersion, 1);
  } finally {
    await rm(folder, { recursive: true });
  }
});
