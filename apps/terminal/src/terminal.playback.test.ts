import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../test/fake-clock.ts';
import { RecordingUplink } from '../test/recording-uplink.ts';
import { overload, runTerminal, startedAt } from '../test/run-terminal.ts';
import { syntheticSource } from '../test/synthetic-source.ts';
import { createTerminal, type TerminalOptions } from './terminal.ts';

test('at real speed no block is measured before its last sample would have been taken', async () => {
  const { clock } = await runTerminal({ durationMs: 3000, circuits: [{ currentA: () => 1 }] });
  assert.equal(clock.now() - startedAt, 3000);
  assert.deepEqual(new Set(clock.sleeps), new Set([50]));
});

test('ten times faster than real, stamps rise and never run ahead of the clock', async () => {
  const { uplink, clock } = await runTerminal(
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

test('the duration ends an endless source, and a source that fails rejects', async () => {
  const { uplink } = await runTerminal({ durationMs: 60_000, circuits: [{ currentA: () => 1 }] }, { durationMs: 2000 });
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
