import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '../test/random.ts';
import { createCycleResampler } from './cycle-resampler.ts';

/** Worst error over 20 random cycle starts of a unit sine of `order` per cycle, against the sine itself. */
function worstErrorDb(framesPerCycle: number, points: number, order: number, seed: number): number {
  const random = createRandom(seed);
  const plan = createCycleResampler(framesPerCycle, points);
  const phase = 2 * Math.PI * random();
  const sine = (frame: number): number => Math.sin((2 * Math.PI * order * frame) / framesPerCycle + phase);
  const length = Math.ceil(4 * framesPerCycle + 2 * plan.marginFrames);
  const input = Float32Array.from({ length }, (_, frame) => sine(frame));
  const first = new Float64Array(points);
  let worst = 0;
  for (let run = 0; run < 20; run++) {
    const start = plan.marginFrames + Math.floor(random() * framesPerCycle);
    const fraction = random();
    plan.resample([input], start, fraction, framesPerCycle, [first]);
    for (let point = 0; point < points; point++) {
      const expected = sine(start + fraction + (point * framesPerCycle) / points);
      worst = Math.max(worst, Math.abs((first[point] ?? NaN) - expected));
    }
  }
  return 20 * Math.log10(worst);
}

test('interpolation errs by less than -80 dB for harmonics 1 to 40 at 123 and more samples per cycle', () => {
  for (const framesPerCycle of [123, 125.49, 128, 130.6, 150.3, 175]) {
    for (const order of [1, 7, 20, 33, 40]) {
      const errorDb = worstErrorDb(framesPerCycle, 128, order, 7);
      assert.ok(errorDb < -80, `${framesPerCycle} frames, harmonic ${order}: ${errorDb.toFixed(1)} dB`);
    }
  }
});

test('below 122 samples per cycle the longer kernel errs by less than -85 dB up to 0.8 of the Nyquist frequency', () => {
  for (const framesPerCycle of [33.3, 40, 64, 100]) {
    for (const part of [0.1, 0.4, 0.6, 0.8]) {
      const order = Math.floor((part * framesPerCycle) / 2);
      const errorDb = worstErrorDb(framesPerCycle, 128, order, 9);
      assert.ok(errorDb < -85, `${framesPerCycle} frames, harmonic ${order}: ${errorDb.toFixed(1)} dB`);
    }
  }
});

test('a decimating kernel passes harmonics 1 to 40 within -75 dB at 200 to 2,048 samples per cycle', () => {
  for (const framesPerCycle of [200, 512.3, 1024, 2048]) {
    for (const order of [1, 20, 40]) {
      const errorDb = worstErrorDb(framesPerCycle, 128, order, 11);
      assert.ok(errorDb < -75, `${framesPerCycle} frames, harmonic ${order}: ${errorDb.toFixed(1)} dB`);
    }
  }
});

test('what would alias onto harmonics 1 to 40 is stopped by 75 dB at 2,048 samples per cycle', () => {
  const framesPerCycle = 2048;
  const plan = createCycleResampler(framesPerCycle, 128);
  // Harmonic 128 - 40 and above alias onto 40 and below; arc noise lives there.
  for (const order of [88, 100, 127, 150, 333, 900]) {
    const length = 2 * framesPerCycle + 2 * plan.marginFrames;
    const input = Float32Array.from({ length }, (_, n) => Math.sin((2 * Math.PI * order * n) / framesPerCycle + 1));
    const first = new Float64Array(128);
    plan.resample([input], plan.marginFrames, 0.3, framesPerCycle, [first]);
    const worst = first.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    assert.ok(20 * Math.log10(worst) < -75, `harmonic ${order}: ${(20 * Math.log10(worst)).toFixed(1)} dB`);
  }
});

test('dc passes exactly (1e-12) at every fraction, and the second signal is treated as the first', () => {
  const input = new Float32Array(3000).fill(7);
  const random = createRandom(3);
  for (const framesPerCycle of [40, 128.4, 700]) {
    const plan = createCycleResampler(framesPerCycle, 128);
    const first = new Float64Array(128);
    const second = new Float64Array(128);
    plan.resample([input, input], plan.marginFrames, random(), framesPerCycle, [first, second]);
    assert.ok(first.every((value) => Math.abs(value - 7) < 1e-12));
    assert.deepEqual(second, first);
  }
});

test('a NaN reaches the points within the margin of it and no others', () => {
  const plan = createCycleResampler(128, 128);
  const input = new Float32Array(400).fill(1);
  input[200] = NaN;
  const first = new Float64Array(128);
  plan.resample([input], 120, 0.5, 128, [first]);
  const reached = [...first.keys()].filter((point) => Number.isNaN(first[point]));
  assert.ok(reached.length > 0);
  assert.ok(reached.every((point) => Math.abs(120.5 + point - 200) <= plan.marginFrames));
});

test('every signal is resampled the same, however many there are', () => {
  const random = createRandom(5);
  const inputs = Array.from({ length: 8 }, () => Float32Array.from({ length: 3000 }, () => random() - 0.5));
  for (const framesPerCycle of [40, 128.4, 700]) {
    const plan = createCycleResampler(framesPerCycle, 128);
    const alone = inputs.map((input) => {
      const points = new Float64Array(128);
      plan.resample([input], plan.marginFrames, 0.3, framesPerCycle, [points]);
      return points;
    });
    for (let count = 1; count <= inputs.length; count++) {
      const together = inputs.map(() => new Float64Array(128));
      plan.resample(inputs.slice(0, count), plan.marginFrames, 0.3, framesPerCycle, together);
      assert.deepEqual(together.slice(0, count), alone.slice(0, count));
      assert.ok(together.slice(count).every((points) => points.every((value) => value === 0)));
    }
  }
});
