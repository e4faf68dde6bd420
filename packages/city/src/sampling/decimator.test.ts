import assert from 'node:assert/strict';
import { test } from 'node:test';
import { convolveAt, decimate, planDecimator } from './decimator.ts';
import { kaiserLowpass } from './kaiser-lowpass.ts';

/** Magnitude of the frequency response by direct summation. */
function gainAt(taps: Float64Array, frequencyHz: number, stepRateHz: number): number {
  let re = 0;
  let im = 0;
  taps.forEach((tap, k) => {
    re += tap * Math.cos((2 * Math.PI * frequencyHz * k) / stepRateHz);
    im += tap * Math.sin((2 * Math.PI * frequencyHz * k) / stepRateHz);
  });
  return Math.hypot(re, im);
}

for (const factor of [2, 3, 4, 8]) {
  test(`decimation by ${factor} passes 0.36 fs within 0.01 dB and stops 0.64 fs by 60 dB`, () => {
    const sampleRateHz = 6400;
    const stepRateHz = factor * sampleRateHz;
    const { taps } = planDecimator(factor, stepRateHz);
    for (let f = 0; f <= 0.36 * sampleRateHz; f += 20) {
      const db = 20 * Math.log10(gainAt(taps, f, stepRateHz));
      assert.ok(Math.abs(db) < 0.01, `${f} Hz: ${db} dB`);
    }
    for (let f = 0.64 * sampleRateHz; f <= stepRateHz / 2; f += 20) {
      const db = 20 * Math.log10(gainAt(taps, f, stepRateHz));
      assert.ok(db < -60, `${f} Hz: ${db} dB`);
    }
  });
}

test('the slope filter turns a sine into its derivative without a phase error', () => {
  const stepRateHz = 25_600;
  const { slopeTaps, halfTaps } = planDecimator(4, stepRateHz);
  const omega = 2 * Math.PI * 50;
  const steps = Float64Array.from({ length: 1024 }, (_, i) => Math.sin((omega * i) / stepRateHz));
  for (const from of [0, 100, 333]) {
    const expected = omega * Math.cos((omega * (from + halfTaps)) / stepRateHz);
    // A central difference is short by (ωΔt)²/6 = 2.5e-5.
    assert.ok(Math.abs(convolveAt(slopeTaps, steps, from) - expected) < 1e-4 * omega);
  }
});

for (const factor of [2, 3, 4, 8]) {
  test(`the folded filter decimates by ${factor} as the plain convolution does`, () => {
    const plan = planDecimator(factor, factor * 6400);
    const steps = Float64Array.from({ length: plan.taps.length + 10 * factor }, (_, n) => Math.sin(n * n));
    const frames = new Float64Array(9);
    decimate(plan, steps, factor, frames, 1, 8);
    assert.equal(frames[0], 0);
    for (let n = 0; n < 8; n++) {
      const plain = plan.taps.reduce((sum, tap, k) => sum + tap * (steps[(n + 1) * factor + k] ?? NaN), 0);
      assert.ok(Math.abs((frames[n + 1] ?? NaN) - plain) < 1e-13);
    }
  });
}

test('a filter of even or tiny length is refused', () => {
  assert.throws(() => kaiserLowpass(4, 0.1, 5), /tapCount is 4, expected an odd integer/);
  assert.throws(() => kaiserLowpass(1, 0.1, 5), /expected an odd integer of at least 3/);
});
