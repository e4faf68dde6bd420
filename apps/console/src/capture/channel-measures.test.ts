import assert from 'node:assert/strict';
import test from 'node:test';
import { captureRecordOf } from './capture-record.ts';
import { measureChannel, timeBetween } from './channel-measures.ts';
import { sampleCapture } from './sample-capture.ts';

const record = captureRecordOf(sampleCapture());
const near = (actual: number | undefined, expected: number, tolerance: number): void =>
  assert.ok(Math.abs((actual ?? Number.NaN) - expected) <= tolerance, `${actual} is not ${expected} ± ${tolerance}`);

test('rms, peak and crest between the cursors follow the closed form', () => {
  const [voltage, current] = record.channels;
  assert.ok(voltage && current);
  const whole = { a: 0, b: record.frames - 1 };
  const ofVoltage = measureChannel(voltage, whole);
  near(ofVoltage.rms, 230, 1e-9);
  near(ofVoltage.peak, 230 * Math.SQRT2, 1e-9);
  near(ofVoltage.crestFactor, Math.SQRT2, 1e-9);
  near(ofVoltage.mean, 0, 1e-9);
  // Parseval: 10 A rms fundamental with 30 % third harmonic.
  near(measureChannel(current, whole).rms, 10 * Math.sqrt(1 + 0.3 ** 2), 1e-9);
  near(measureChannel(current, { a: 5, b: 6 }).wholeRms, 10 * Math.sqrt(1.09), 1e-9);
});

test('the values at the cursors and their difference keep their sign', () => {
  const [voltage] = record.channels;
  assert.ok(voltage);
  const { atA, atB, delta } = measureChannel(voltage, { a: 32, b: 96 });
  near(atA, 230 * Math.SQRT2, 1e-9);
  near(atB, -230 * Math.SQRT2, 1e-9);
  near(delta, -460 * Math.SQRT2, 1e-9);
});

test('one cycle apart is 20 ms and 50 Hz', () => {
  assert.deepEqual(timeBetween(record, { a: 128, b: 256 }), { ms: 20, hz: 50 });
  assert.equal(timeBetween(record, { a: 256, b: 128 }).ms, -20);
  assert.equal(timeBetween(record, { a: 5, b: 5 }).hz, Number.POSITIVE_INFINITY);
});
