import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { decodeFrames } from '@fengsui/protocol';
import { overload, runTerminal, startedAt } from '../test/run-terminal.ts';
import { sineAt, VOLTAGE_V } from '../test/synthetic-source.ts';
import { numberingFrom } from './report/numbering.ts';
import type { TerminalState } from './state/terminal-state.ts';

test('an overload is told at alarm after 3 s of signal, with its value, and ends after the off-delay', async () => {
  const { uplink } = await runTerminal({
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
  const { uplink } = await runTerminal({
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
  const { uplink } = await runTerminal({
    durationMs: 9000,
    circuits: [{ ratedA: 16, currentA: overload(2000, 9000) }],
  });
  const kinds = uplink.reports.map(({ kind }) => kind);
  assert.ok(kinds.indexOf('event') < kinds.indexOf('capture'));
  assert.deepEqual(
    uplink.reports.map(({ seq }) => seq),
    uplink.reports.map((_, index) => index),
  );
});

test('residual current and temperature are told at each rise of their level; alarms of one moment share a capture', async () => {
  const { uplink } = await runTerminal({
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
  const { uplink } = await runTerminal({
    durationMs: 6000,
    circuits: [{ ratedA: 16, currentA: (ms) => (Math.floor(ms / 20) % 2 === 0 ? 36 : 0) }],
  });
  assert.deepEqual(
    uplink.events().map(({ level, active }) => [level, active]),
    [['alarm', true]],
  );
});

test('an overload that stands when the terminal restarts is ended by the next run, which goes on counting energy', async () => {
  const first = await runTerminal({ durationMs: 9000, circuits: [{ ratedA: 16, currentA: overload(2000, 9000) }] });
  const state = first.states.at(-1);
  assert.ok(state && state.hazards.union.told.length === 1);
  const restored: unknown = JSON.parse(JSON.stringify(state));
  const second = await runTerminal(
    { durationMs: 14_000, circuits: [{ ratedA: 16, currentA: () => 10 }] },
    { state: restored as TerminalState, numbering: numberingFrom('e2') },
  );
  assert.deepEqual(
    second.uplink.events().map(({ eventKind, active, captureId }) => [eventKind, active, captureId]),
    [['overload', false, undefined]],
  );
  assert.ok((second.states.at(-1)?.energyKwh['c1'] ?? 0) > (state.energyKwh['c1'] ?? NaN));
});
