import assert from 'node:assert/strict';
import test from 'node:test';
import { captureRecordOf } from './capture-record.ts';
import { channelHarmonics, cycleTrajectory, cycleUnder } from './cycle-analysis.ts';
import { sampleCapture } from './sample-capture.ts';

const record = captureRecordOf(sampleCapture());
const near = (actual: number | undefined, expected: number, tolerance: number): void =>
  assert.ok(Math.abs((actual ?? Number.NaN) - expected) <= tolerance, `${actual} is not ${expected} ± ${tolerance}`);

test('harmonics of the cycle under the cursor follow the closed form', () => {
  const [, current] = record.channels;
  const place = cycleUnder(record, 1280);
  assert.ok(current && place);
  near(place.frameCount, 128, 1e-6);
  const harmonics = channelHarmonics(current, place);
  near(harmonics?.rms[1], 10, 1e-3);
  near(harmonics?.rms[3], 3, 1e-3);
  near(harmonics?.thdPct, 30, 0.02);
});

test('the cycle follows a mains that is off its nominal frequency, so no harmonics appear that are not there', () => {
  const sampleRateHz = 6400;
  const mainsHz = 49.2;
  const values = Array.from({ length: 3840 }, (_, n) => 325 * Math.sin((2 * Math.PI * mainsHz * n) / sampleRateHz));
  const off = captureRecordOf({ sampleRateHz, mainsHz: 50, channels: [{ point: 'c1.voltageV', unit: 'V', values }] });
  const [voltage] = off.channels;
  const place = cycleUnder(off, 1000);
  assert.ok(voltage && place);
  near(place.frameCount, sampleRateHz / mainsHz, 0.02);
  near(channelHarmonics(voltage, place)?.thdPct, 0, 0.05);
});

test('near the end the last whole cycle is taken, and too coarse a recording has none', () => {
  near(cycleUnder(record, 3839)?.startFrame, 3840 - 128, 1e-3);
  const coarse = captureRecordOf({
    sampleRateHz: 1000,
    mainsHz: 50,
    channels: [{ point: 'c1.currentA', unit: 'A', values: Array.from({ length: 400 }, () => 1) }],
  });
  assert.equal(cycleUnder(coarse, 0), undefined);
});

test('the trajectory of a cycle is scaled by the peaks of that cycle', () => {
  const [voltage, current] = record.channels;
  const place = cycleUnder(record, 0);
  assert.ok(voltage && current && place);
  const path = cycleTrajectory(record, current, place);
  near(path?.voltagePeakV, 230 * Math.SQRT2, 1e-9);
  near(path?.voltage[32], 1, 1e-9);
  assert.equal(path?.voltage.length, 128);
});

test('a missing sample in the cycle leaves it without figures rather than with wrong ones', () => {
  const samples = sampleCapture();
  const broken = captureRecordOf({
    ...samples,
    channels: samples.channels.map((channel) => ({
      ...channel,
      values: channel.values.map((value, n) => (n === 1300 ? Number.NaN : value)),
    })),
  });
  const [, current] = broken.channels;
  assert.ok(current);
  assert.equal(channelHarmonics(current, { startFrame: 1280, frameCount: 128 }), undefined);
  assert.equal(cycleTrajectory(broken, current, { startFrame: 1280, frameCount: 128 }), undefined);
});
