import assert from 'node:assert/strict';
import { test } from 'node:test';
import { magnitude, phase, phasorsOf, shifted, waveOf } from './phasors.ts';

const wave = (count: number, turnRad = 0): Float64Array =>
  Float64Array.from({ length: count }, (_, point) => {
    const theta = (2 * Math.PI * point) / count + turnRad;
    return 0.3 + 2 * Math.SQRT2 * Math.sin(theta + 0.5) + 0.25 * Math.SQRT2 * Math.sin(7 * theta - 1);
  });

test('harmonics have the rms and the phase of the sines that were summed, at any number of points', () => {
  for (const count of [32, 100, 128, 500]) {
    const phasors = phasorsOf(wave(count), 15);
    assert.ok(Math.abs(magnitude(phasors, 1) - 2) < 1e-12);
    assert.ok(Math.abs(phase(phasors, 1) - 0.5) < 1e-12);
    assert.ok(Math.abs(magnitude(phasors, 7) - 0.25) < 1e-12);
    assert.ok(Math.abs(phase(phasors, 7) + 1) < 1e-11);
    assert.ok(magnitude(phasors, 3) < 1e-12);
    assert.ok(Math.abs((phasors.re[0] ?? NaN) - 0.3) < 1e-12);
  }
});

test('shifting the phasors is reading the wave from later on', () => {
  const late = shifted(phasorsOf(wave(128), 15), 0.7);
  const read = phasorsOf(wave(128, 0.7), 15);
  for (let h = 1; h <= 15; h++) {
    assert.ok(Math.abs((late.re[h] ?? NaN) - (read.re[h] ?? NaN)) < 1e-12);
    assert.ok(Math.abs((late.im[h] ?? NaN) - (read.im[h] ?? NaN)) < 1e-12);
  }
});

test('the wave of the phasors is the wave they came from, without its mean', () => {
  const again = waveOf(phasorsOf(wave(128), 15), 128);
  wave(128).forEach((value, point) => assert.ok(Math.abs((again[point] ?? NaN) - (value - 0.3)) < 1e-12));
});

test('a harmonic at half the number of points is refused', () => {
  assert.throws(() => phasorsOf(new Float64Array(30), 15), /harmonic 15 of 30 points; expected 1 <= harmonic < 15/);
});
