import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { createBoard } from '@fengsui/city';
import { shippedModel } from '@fengsui/fingerprint';
import { decodeFrames, readEvidence } from '@fengsui/protocol';
import { actPolicy } from '../test/act-policy.ts';
import { FakeClock } from '../test/fake-clock.ts';
import { RecordingUplink } from '../test/recording-uplink.ts';
import { sineAt, syntheticSource, VOLTAGE_V, type SyntheticSignal } from '../test/synthetic-source.ts';
import { createLocalActor, type LocalAct } from './action/local-actor.ts';
import { nothingTaught } from './loads/taught-loads.ts';
import { createBoardSource } from './source/board-source.ts';
import type { TerminalState } from './state/terminal-state.ts';
import { judge } from './teaching/judge.ts';
import { createTeachingDesk, readRecent, teachingFilesOf, writeTaught } from './teaching/teaching-desk.ts';
import { createTerminal, type TerminalOptions } from './terminal.ts';

const startedAt = 1_763_718_000_000;

async function run(
  signal: SyntheticSignal,
  options: Partial<TerminalOptions> = {},
): Promise<{ uplink: RecordingUplink; clock: FakeClock; states: TerminalState[] }> {
  const uplink = new RecordingUplink();
  const clock = new FakeClock(startedAt);
  const states: TerminalState[] = [];
  const terminal = createTerminal({
    source: syntheticSource(signal),
    deviceId: 'D1',
    uplink,
    clock,
    epoch: 'e1',
    // Loads have tests of their own below.
    model: null,
    onState: (state) => states.push(state),
    ...options,
  });
  terminal.start();
  await terminal.ended;
  assert.equal(await terminal.stop(7), 0);
  assert.equal(uplink.stoppedWith, 7);
  return { uplink, clock, states };
}

/** 10 A, from `fromMs` to `toMs` 25.6 A: 1.6 times the rated 16 A. */
const overload = (fromMs: number, toMs: number) => (ms: number) => (ms >= fromMs && ms < toMs ? 25.6 : 10);

test('an overload is told at alarm after 3 s of signal, with its value, and ends after the off-delay', async () => {
  const { uplink } = await run({
    durationMs: 21_000,
    circuits: [{ ratedA: 16, currentA: overload(2000, 7000), residualCurrentMa: () => 5 }],
  });
  const events = uplink.events();
  assert.deepEqual(
    events.map(({ eventKind, point, active, level }) => ({ eventKind, point, active, level })),
    [
      { eventKind: 'overload', point: 'c1', active: true, level: 'alarm' },
      { eventKind: 'overload', point: 'c1', active: false, level: 'alarm' },
    ],
  );
  const [raised, ended] = events;
  assert.ok(raised?.evidence && ended);
  // 3 s from the first 200 ms reading that is above the limit; the step may fall anywhere into a reading.
  const raisedMs = (raised.at ?? NaN) - startedAt;
  assert.ok(raisedMs >= 5000 && raisedMs <= 5450, `raised at ${raisedMs} ms`);
  const endedMs = (ended.at ?? NaN) - startedAt;
  assert.ok(endedMs >= 17_000 && endedMs <= 17_450, `ended at ${endedMs} ms`);
  const value = raised.evidence['value'];
  assert.ok(typeof value === 'number' && Math.abs(value / 25.6 - 1) < 0.005, `value ${String(value)}`);
  assert.equal(raised.evidence['unit'], 'A');
  assert.ok(Math.abs(Number(raised.evidence['limit']) - 1.45 * 16) < 1e-9);
  assert.equal(raised.confidence, undefined);
  assert.equal(ended.captureId, undefined);
});

test('every alarm has one capture whose frames are the samples of the source within the quantisation', async () => {
  const currentA = overload(2000, 7000);
  const { uplink } = await run({
    durationMs: 9000,
    circuits: [
      { ratedA: 16, currentA, residualCurrentMa: () => 5 },
      { ratedA: 32, currentA: () => 3 },
    ],
  });
  const [raised] = uplink.events();
  const captures = uplink.captures();
  assert.deepEqual([...captures.keys()], [raised?.captureId]);
  const [capture] = captures.values();
  assert.ok(capture?.kind === 'capture');
  const { header, frameBytes } = capture;
  assert.equal(header.sha256, createHash('sha256').update(frameBytes).digest('hex'));
  assert.deepEqual(
    header.channels.map(({ point, unit }) => `${point} ${unit}`),
    ['c1.voltageV V', 'c1.currentA A', 'c1.residualCurrentMa mA', 'c2.currentA A'],
  );
  // 10 cycles before and 30 after, 128 frames each.
  assert.equal(header.triggerFrame, 1280);
  assert.equal(header.frames, 5120);
  // `at` is in whole ms, so the place of frame 0 is known to half a ms: find the frame it must be.
  const firstFrame = Math.round((((raised?.at ?? NaN) - startedAt) * 6400) / 1000) - 1280;
  const exact = [0, 1, -1, 2, -2, 3, -3, 4, -4].find((shift) => differenceAt(firstFrame + shift) < 1e-3) ?? NaN;
  assert.ok(Number.isFinite(exact), 'the capture is no part of the source');
  assert.ok(Math.abs((header.at ?? NaN) - startedAt - ((firstFrame + exact) * 1000) / 6400) <= 1);
  const rmsOf = [() => VOLTAGE_V, currentA, () => 5, () => 3];
  decodeFrames(header, frameBytes).forEach((values, channel) => {
    const halfStep = (header.channels[channel]?.scale ?? NaN) / 2;
    values.forEach((value, frame) => {
      const ms = ((firstFrame + exact + frame) * 1000) / 6400;
      const expected = sineAt(rmsOf[channel]?.(ms) ?? NaN, ms);
      assert.ok(Math.abs(value - expected) <= halfStep * 1.001, `channel ${channel}, frame ${frame}`);
    });
  });

  /** How far the first voltage samples are from the sine that begins at that frame, V. */
  function differenceAt(frame: number): number {
    const [voltage = new Float64Array(0)] = capture?.kind === 'capture' ? decodeFrames(header, frameBytes) : [];
    const step = header.channels[0]?.scale ?? NaN;
    return Math.max(
      ...voltage.subarray(0, 128).map((value, index) => {
        return Math.max(0, Math.abs(value - sineAt(VOLTAGE_V, ((frame + index) * 1000) / 6400)) - step / 2);
      }),
    );
  }
});

test('an event leaves before its capture and telemetry goes on in between', async () => {
  const { uplink } = await run({ durationMs: 9000, circuits: [{ ratedA: 16, currentA: overload(2000, 9000) }] });
  const kinds = uplink.reports.map(({ kind }) => kind);
  assert.ok(kinds.indexOf('event') < kinds.indexOf('capture'));
  assert.deepEqual(
    uplink.reports.map(({ seq }) => seq),
    uplink.reports.map((_, index) => index),
  );
});

test('telemetry has rms, power, frequency and a rising energy counter of the closed form, and no NaN', async () => {
  const { uplink } = await run({
    durationMs: 10_000,
    circuits: [{ currentA: () => 10, residualCurrentMa: () => 18 }, { currentA: () => 0 }],
    temperaturesC: [() => 31.5, () => NaN],
  });
  const telemetry = uplink.telemetry();
  assert.equal(telemetry.length, 10);
  const last = valuesOf(telemetry.at(-1));
  near(last['c1.voltageV'], 230, 1e-4);
  near(last['c1.currentA'], 10, 1e-4);
  near(last['c1.residualCurrentMa'], 18, 1e-4);
  near(last['c1.activePowerW'], 2300, 1e-4);
  near(last['c1.powerFactor'], 1, 1e-4);
  near(last['c1.frequencyHz'], 50, 1e-4);
  near(last['c1.energyKwh'], (2300 * 10) / 3.6e6, 0.01);
  near(last['t1.temperatureC'], 31.5, 1e-9);
  assert.ok(!('c2.powerFactor' in last) && !('c2.residualCurrentMa' in last) && !('t2.temperatureC' in last));
  const energy = telemetry.map((each) => valuesOf(each)['c1.energyKwh'] ?? NaN);
  assert.ok(energy.every((kwh, index) => kwh > (energy[index - 1] ?? 0)));
  const at = telemetry.map(({ rows: [row] }) => row?.at ?? NaN);
  assert.ok(at.every((instant, index) => Math.abs(instant - startedAt - 1000 * (index + 1)) <= 200));
});

test('residual current and temperature are told at each rise of their level; alarms of one moment share a capture', async () => {
  const { uplink } = await run({
    durationMs: 25_000,
    circuits: [{ currentA: () => 2, residualCurrentMa: (ms) => (ms < 2000 ? 20 : ms < 12_000 ? 350 : 600) }],
    temperaturesC: [(ms) => (ms < 4000 ? 40 : 75)],
  });
  assert.deepEqual(
    uplink.events().map(({ eventKind, point, level, captureId }) => [eventKind, point, level, captureId]),
    [
      ['overTemperature', 't1', 'warning', 'e1-1'],
      // 5 s after its step, 0.2 s after the temperature's 3 s.
      ['residualCurrent', 'c1', 'warning', 'e1-1'],
      ['residualCurrent', 'c1', 'alarm', 'e1-2'],
    ],
  );
  assert.deepEqual([...uplink.captures().keys()], ['e1-1', 'e1-2']);
});

test('a heater fired in whole cycles, one on and one off, is an overload by its rms', async () => {
  // 36 A in every second cycle are 25.5 A rms: a watch over single cycles would see an end every 20 ms.
  const { uplink } = await run({
    durationMs: 6000,
    circuits: [{ ratedA: 16, currentA: (ms) => (Math.floor(ms / 20) % 2 === 0 ? 36 : 0) }],
  });
  assert.deepEqual(
    uplink.events().map(({ level, active }) => [level, active]),
    [['alarm', true]],
  );
});

test('an overload that stands when the terminal restarts is ended by the next run, which goes on counting energy', async () => {
  const first = await run({ durationMs: 9000, circuits: [{ ratedA: 16, currentA: overload(2000, 9000) }] });
  const state = first.states.at(-1);
  assert.ok(state && state.hazards.union.told.length === 1);
  const restored: unknown = JSON.parse(JSON.stringify(state));
  const second = await run(
    { durationMs: 14_000, circuits: [{ ratedA: 16, currentA: () => 10 }] },
    { state: restored as TerminalState, epoch: 'e2' },
  );
  assert.deepEqual(
    second.uplink.events().map(({ eventKind, active, captureId }) => [eventKind, active, captureId]),
    [['overload', false, undefined]],
  );
  assert.ok((second.states.at(-1)?.energyKwh['c1'] ?? 0) > (state.energyKwh['c1'] ?? NaN));
});

test('at real speed no block is measured before its last sample would have been taken', async () => {
  const { clock } = await run({ durationMs: 3000, circuits: [{ currentA: () => 1 }] });
  assert.equal(clock.now() - startedAt, 3000);
  assert.deepEqual(new Set(clock.sleeps), new Set([50]));
});

test('ten times faster than real, stamps rise and never run ahead of the clock', async () => {
  const { uplink, clock } = await run(
    { durationMs: 20_000, circuits: [{ ratedA: 16, currentA: overload(2000, 9000) }] },
    { speed: 10 },
  );
  assert.equal(clock.now() - startedAt, 2000);
  const stamps = [
    ...uplink.telemetry().map(({ rows: [row] }) => row?.at ?? NaN),
    ...uplink.events().map(({ at }) => at ?? NaN),
  ];
  assert.equal(uplink.events().length, 2);
  assert.ok(stamps.every((at) => at >= startedAt && at <= startedAt + 2000));
});

test('as fast as it can, playback waits while the uplink has no room', async () => {
  const uplink = new RecordingUplink();
  let refusals = 3;
  uplink.hasRoom = () => refusals-- <= 0;
  const clock = new FakeClock(startedAt);
  const source = syntheticSource({ durationMs: 1000, circuits: [{ currentA: () => 1 }] });
  const terminal = createTerminal({ source, deviceId: 'D1', uplink, clock, speed: Infinity, model: null });
  terminal.start();
  await terminal.ended;
  assert.equal(clock.now() - startedAt, 150);
});

test('NaN samples leave gaps in telemetry and break neither a running delay nor a capture', async () => {
  const { uplink } = await run({
    durationMs: 9000,
    circuits: [{ ratedA: 16, currentA: (ms) => (ms > 4000 && ms < 4001 ? NaN : overload(2000, 9000)(ms)) }],
  });
  assert.equal(uplink.events().length, 1);
  assert.equal(uplink.captures().size, 1);
  assert.ok(uplink.telemetry().every((each) => Object.values(valuesOf(each)).every(Number.isFinite)));
});

test('the duration ends an endless source, and a source that fails rejects', async () => {
  const { uplink } = await run({ durationMs: 60_000, circuits: [{ currentA: () => 1 }] }, { durationMs: 2000 });
  assert.equal(uplink.telemetry().length, 2);
  const source = syntheticSource({ durationMs: 1000, circuits: [{ currentA: () => 1 }] });
  const broken = {
    ...source,
    *blocks() {
      yield* [];
      throw new Error('the converter is gone');
    },
  };
  const terminal = createTerminal({
    source: broken,
    deviceId: 'D1',
    uplink: new RecordingUplink(),
    clock: new FakeClock(startedAt),
  });
  terminal.start();
  await assert.rejects(terminal.ended, /converter is gone/);
});

test('bad options are refused before the start, naming value and expectation', () => {
  const source = syntheticSource({ durationMs: 1000, circuits: [{ currentA: () => 1 }] });
  const uplink = new RecordingUplink();
  const make = (options: Partial<TerminalOptions>) => () =>
    createTerminal({ source, deviceId: 'D1', uplink, ...options });
  assert.throws(make({ speed: 0 }), /speed is 0/);
  assert.throws(make({ intervalMs: 10 }), /interval is 10 ms/);
  assert.throws(make({ ratedA: { c4: 16 } }), /c4: the source has c1/);
  assert.throws(make({ ratedA: { c1: -1 } }), /ratedA is -1/);
  assert.throws(make({ captureWindow: { cyclesBefore: 5, cyclesAfter: 30 } }), /cyclesBefore is 5/);
  assert.throws(make({ deviceId: 'a/b' }), /deviceId/);
});

function valuesOf(telemetry: ReturnType<RecordingUplink['telemetry']>[number] | undefined): Record<string, number> {
  const row = telemetry?.rows[0];
  return Object.fromEntries((telemetry?.points ?? []).map((point, index) => [point, row?.values[index] ?? NaN]));
}

function near(value: number | undefined, expected: number, relative: number): void {
  assert.ok(Math.abs((value ?? NaN) / expected - 1) <= relative, `${value}, ${expected} expected`);
}

/** 4 A for ever; 5 A more of the same kind from 2 s to 6 s. */
const heaterOnTop = { currentA: (ms: number) => (ms >= 2000 && ms < 6000 ? 9 : 4) };

test('a load switched on and off is told with its fingerprint, and the first has a capture around its switching', async () => {
  const { uplink } = await run({ durationMs: 9000, circuits: [heaterOnTop] }, { model: shippedModel() });
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
    await run({ durationMs: 9000, circuits: [heaterOnTop] }, options);
    const [recent] = readRecent(files);
    assert.ok(recent && readRecent(files).length === 2);
    const judgement = { verdict: 'rename', name: '热得快', at: 1 } as const;
    writeTaught(files, { c1: judge(nothingTaught(), recent, judgement) });
    const { uplink } = await run(
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

/** A simulated board of one circuit with 10 A, in the line of which an arc burns from 5 s on. */
const arcingBoard = (seed: number) => {
  const board = createBoard(
    {
      supply: { nominalV: 220, mainsHz: 50 },
      sampleRateHz: 6400,
      circuits: [{ id: 'c1', ratedA: 16, loads: [{ id: 'heater', kind: 'resistive', powerW: 2200 }] }],
      faults: [{ kind: 'seriesArc', circuit: 'c1', atMs: 5000, durationMs: 4000 }],
    },
    seed,
    startedAt,
  );
  return { board, source: createBoardSource(board, { c1: 16 }) };
};

test('a series arc is told with the stretches that arced, on the clock of its capture', async () => {
  const uplink = new RecordingUplink();
  const { source } = arcingBoard(3);
  const clock = new FakeClock(startedAt);
  const terminal = createTerminal({
    source,
    deviceId: 'D1',
    uplink,
    clock,
    epoch: 'e1',
    model: null,
    durationMs: 8000,
  });
  terminal.start();
  await terminal.ended;
  await terminal.stop(7);
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
  const folder = await mkdtemp(path.join(tmpdir(), 'fengsui-act-'));
  try {
    const { board, source } = arcingBoard(3);
    const uplink = new RecordingUplink();
    const clock = new FakeClock(startedAt);
    const policy = { ...actPolicy(), validFrom: '2025-01-01T00:00:00Z', endsAt: '2026-12-01T00:00:00Z' };
    const test = { ...policy.breakerTest, testedAt: '2025-10-01T00:00:00Z' };
    const past = { ...policy.consent, givenAt: '2025-01-01T00:00:00Z' };
    const survey = { ...policy.survey, surveyedAt: '2025-01-01T00:00:00Z' };
    assert.ok(source.breakers);
    const acts: { act: LocalAct; signalMs: number }[] = [];
    const actor = createLocalActor({
      deviceId: 'D1',
      circuits: ['c1'],
      policies: [{ policy: { ...policy, breakerTest: test, consent: past, survey }, isSignatureValid: true }],
      breakers: source.breakers,
      file: path.join(folder, 'D1.actions.json'),
      now: () => clock.now(),
    });
    actor.hearTime(startedAt);
    const terminal = createTerminal({
      ...{ source, deviceId: 'D1', uplink, clock, epoch: 'e1', model: null, durationMs: 8000, actor },
      onLocalAct: (act) => acts.push({ act, signalMs: terminal.counts().signalMs }),
    });
    terminal.start();
    await terminal.ended;
    await terminal.stop(7);
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
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a load that was on before the terminal started counts as protected: its circuit is not opened', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'fengsui-protect-'));
  try {
    const { source } = arcingBoard(3);
    const clock = new FakeClock(startedAt);
    const allowed = actPolicy();
    const past = '2025-01-01T00:00:00Z';
    const policy = {
      ...{ ...allowed, validFrom: past, endsAt: '2026-12-01T00:00:00Z' },
      consent: { ...allowed.consent, givenAt: past },
      survey: { ...allowed.survey, surveyedAt: past, otherLoads: 'possible' as const },
      breakerTest: { ...allowed.breakerTest, testedAt: '2025-10-01T00:00:00Z' },
    };
    assert.ok(source.breakers);
    const actor = createLocalActor({
      ...{ deviceId: 'D1', circuits: ['c1'], policies: [{ policy, isSignatureValid: true }] },
      ...{ breakers: source.breakers, file: path.join(folder, 'D1.actions.json'), now: () => clock.now() },
    });
    actor.hearTime(startedAt);
    const acts: LocalAct[] = [];
    const terminal = createTerminal({
      ...{
        source,
        deviceId: 'D1',
        uplink: new RecordingUplink(),
        clock,
        model: shippedModel(),
        durationMs: 8000,
        actor,
      },
      onLocalAct: (act) => acts.push(act),
    });
    terminal.start();
    await terminal.ended;
    await terminal.stop(7);
    assert.equal(source.breakers.state('c1'), 'closed');
    const [refusal] = acts;
    assert.ok(refusal?.kind === 'refused', JSON.stringify(acts));
    assert.ok(refusal.missing.some((words) => words.includes('count as protected')));
  } finally {
    await rm(folder, { recursive: true });
  }
});
