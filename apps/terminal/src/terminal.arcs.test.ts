import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { shippedModel } from '@fengsui/fingerprint';
import { readEvidence } from '@fengsui/protocol';
import { actPolicy } from '../test/act-policy.ts';
import { arcingBoard } from '../test/arcing-board.ts';
import { FakeClock } from '../test/fake-clock.ts';
import { RecordingUplink } from '../test/recording-uplink.ts';
import { startedAt } from '../test/run-terminal.ts';
import { createLocalActor, type LocalAct } from './action/local-actor.ts';
import { numberingFrom } from './report/numbering.ts';
import { createTerminal, type TerminalOptions } from './terminal.ts';

/** 8 s of a board on which an arc burns from 5 s on; what the terminal told, and what it did with the signal's time. */
async function runOnArcs(options: Partial<TerminalOptions> = {}, { board, source } = arcingBoard(3)) {
  const uplink = new RecordingUplink();
  const acts: { readonly act: LocalAct; readonly signalMs: number }[] = [];
  const terminal = createTerminal({
    source,
    deviceId: 'D1',
    uplink,
    clock: new FakeClock(startedAt),
    numbering: numberingFrom('e1'),
    model: null,
    durationMs: 8000,
    onLocalAct: (act) => acts.push({ act, signalMs: terminal.counts().signalMs }),
    ...options,
  });
  terminal.start();
  await terminal.ended;
  await terminal.stop(7);
  return { board, source, uplink, acts };
}

/** The same with a terminal that may open the breaker by a policy which is in force at `startedAt`. */
async function runWithPolicy(otherLoads: 'excluded' | 'possible', options: Partial<TerminalOptions> = {}) {
  const allowed = actPolicy();
  const past = '2025-01-01T00:00:00Z';
  const policy = {
    ...allowed,
    validFrom: past,
    endsAt: '2026-12-01T00:00:00Z',
    consent: { ...allowed.consent, givenAt: past },
    survey: { ...allowed.survey, surveyedAt: past, otherLoads },
    breakerTest: { ...allowed.breakerTest, testedAt: '2025-10-01T00:00:00Z' },
  };
  const folder = await mkdtemp(path.join(tmpdir(), 'fengsui-act-'));
  try {
    const arcing = arcingBoard(3);
    const { breakers } = arcing.source;
    assert.ok(breakers);
    const clock = new FakeClock(startedAt);
    const actor = createLocalActor({
      deviceId: 'D1',
      circuits: ['c1'],
      policies: [{ policy, isSignatureValid: true }],
      breakers,
      file: path.join(folder, 'D1.actions.json'),
      now: () => clock.now(),
    });
    actor.hearTime(startedAt);
    const run = await runOnArcs({ clock, actor, ...options }, arcing);
    return { ...run, breaker: breakers.state('c1') };
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('a series arc is told with the stretches that arced, on the clock of its capture', async () => {
  const { uplink } = await runOnArcs();
  const alarm = uplink.events().find(({ eventKind, level }) => eventKind === 'arc' && level === 'alarm');
  const evidence = readEvidence(alarm?.evidence);
  assert.ok(alarm && evidence?.schema === 'arc/1', JSON.stringify(uplink.events()));
  assert.ok(evidence.halfCycleCount >= 10);
  const header = uplink.captures().get(alarm.captureId ?? '')?.header;
  assert.ok(header);
  const [first] = evidence.windows;
  assert.ok(
    first && first[0] >= startedAt + 4990 && first[1] <= (alarm.at ?? 0) + 20,
    JSON.stringify(evidence.windows),
  );
});

test('where a policy permits it the breaker is open within the standard’s time, and the centre is asked nothing', async () => {
  const { board, uplink, acts } = await runWithPolicy('excluded');
  const [opened, ...others] = acts;
  assert.ok(opened?.act.kind === 'opened' && opened.act.breaker === 'open', JSON.stringify(acts));
  assert.deepEqual(others, []);
  // 10 A: 0.25 s by Table 1 of IEC 62606, from the first arcing half-cycle on.
  const firstArcMs = 10 * (board.arcHalfCycles('c1')[0] ?? NaN);
  assert.ok(opened.signalMs - firstArcMs <= 250, `opened at ${opened.signalMs} ms, first arc at ${firstArcMs} ms`);
  const reported = uplink.events().filter(({ eventKind }) => eventKind === 'localAction');
  assert.deepEqual([reported.length, reported[0]?.evidence?.['act']], [1, 'opened']);
  const last = uplink.telemetry().at(-1);
  const index = last?.points.indexOf('c1.currentA') ?? NaN;
  assert.ok((last?.rows[0]?.values[index] ?? NaN) < 0.05, 'no current flows any more');
});

test('a load that was on before the terminal started counts as protected: its circuit is not opened', async () => {
  const { acts, breaker } = await runWithPolicy('possible', { model: shippedModel() });
  assert.equal(breaker, 'closed');
  const refusal = acts[0]?.act;
  assert.ok(refusal?.kind === 'refused', JSON.stringify(acts));
  assert.ok(refusal.missing.some((words) => words.includes('count as protected')));
});
