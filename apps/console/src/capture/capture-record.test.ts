import assert from 'node:assert/strict';
import test from 'node:test';
import { captureRecordOf, frameToMs, msToFrame } from './capture-record.ts';
import { sampleCapture } from './sample-capture.ts';

test('channels are told apart by what they measure', () => {
  const record = captureRecordOf(sampleCapture());
  assert.deepEqual(
    record.channels.map(({ kind }) => kind),
    ['voltage', 'current', 'residual'],
  );
  assert.equal(record.samplesPerCycle, 128);
});

test('time runs from the trigger, and back to the nearest frame inside the recording', () => {
  const record = captureRecordOf(sampleCapture());
  assert.equal(frameToMs(record, 1280), 0);
  assert.equal(frameToMs(record, 1280 + 128), 20);
  assert.equal(msToFrame(record, 20.05), 1280 + 128);
  assert.equal(msToFrame(record, -1e6), 0);
  assert.equal(msToFrame(record, 1e6), 3839);
});

test('a recording without a mains frequency says that 50 Hz is assumed', () => {
  const { mainsHz: _mainsHz, ...samples } = sampleCapture();
  const record = captureRecordOf(samples);
  assert.deepEqual([record.mainsHz, record.isMainsAssumed], [50, true]);
});

test('a channel that ends early is not stretched', () => {
  const record = captureRecordOf({
    sampleRateHz: 1000,
    channels: [
      { point: 'x', unit: 'V', values: [1, 2, 3] },
      { point: 'y', unit: 'A', values: [1] },
    ],
  });
  assert.deepEqual([...(record.channels[1]?.values ?? [])], [1, Number.NaN, Number.NaN]);
});

test('a recording that cannot be drawn is refused with the value and the expectation', () => {
  assert.throws(() => captureRecordOf({ sampleRateHz: 0, channels: [] }), /sampleRateHz is 0/);
  assert.throws(() => captureRecordOf({ sampleRateHz: 1, channels: [] }), /channels is empty/);
});
