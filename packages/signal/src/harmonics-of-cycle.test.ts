import assert from 'node:assert/strict';
import { test } from 'node:test';
import { synthesise } from '../test/synthesise.ts';
import { harmonicsOfCycle } from './harmonics-of-cycle.ts';

const components = [
  { order: 1, rms: 10, phaseRad: -0.5 },
  { order: 3, rms: 4, phaseRad: 2 },
  { order: 39, rms: 0.3, phaseRad: -1.5 },
  { order: 40, rms: 0.2, phaseRad: 1 },
];
const recipe = { sampleRateHz: 6400, frames: 1000, frequencyHz: 49.7, components, dc: 0.25 };
const frameCount = 6400 / 49.7;

test('harmonics of a cycle at a fractional place have the rms (1e-4) and phase (1e-3 rad) they were made with', () => {
  // θ is 0 at frames 0, frameCount, 2·frameCount …
  const found = harmonicsOfCycle(synthesise(recipe), { startFrame: 3 * frameCount, frameCount });
  for (const { order, rms, phaseRad } of components) {
    assert.ok(Math.abs((found.rms[order] ?? NaN) / rms - 1) < 2e-4, `rms ${order}: ${found.rms[order]}`);
    assert.ok(Math.abs((found.phaseRad[order] ?? NaN) - phaseRad) < 1e-3, `phase ${order}: ${found.phaseRad[order]}`);
  }
  assert.ok(Math.abs((found.rms[0] ?? NaN) - 0.25) < 1e-4);
  assert.ok((found.rms[5] ?? NaN) < 1e-3);
  const expectedThdPct = (100 * Math.sqrt(4 ** 2 + 0.3 ** 2 + 0.2 ** 2)) / 10;
  assert.ok(Math.abs(found.thdPct - expectedThdPct) < 0.01);
});

test('the first and the last cycle of a recording are as good as one inside when it holds whole cycles', () => {
  const samples = synthesise({ ...recipe, frequencyHz: 50, frames: 1280 });
  for (const startFrame of [0, 1152]) {
    const found = harmonicsOfCycle(samples, { startFrame, frameCount: 128 });
    assert.ok(Math.abs((found.rms[40] ?? NaN) - 0.2) < 1e-4);
  }
});

test('harmonics at and above the Nyquist frequency are NaN, below it they are numbers', () => {
  const samples = synthesise({ ...recipe, sampleRateHz: 2000, frequencyHz: 50, components: [{ order: 1, rms: 1 }] });
  const found = harmonicsOfCycle(samples, { startFrame: 80, frameCount: 40 });
  assert.ok(found.rms.subarray(0, 20).every(Number.isFinite));
  assert.ok(found.rms.subarray(20).every(Number.isNaN));
});

test('a cycle outside the samples or with fewer than 32 frames is refused with its place', () => {
  const samples = new Float64Array(256);
  assert.throws(
    () => harmonicsOfCycle(samples, { startFrame: 200, frameCount: 128 }),
    /\[200, 328\) is not inside 0..256/,
  );
  assert.throws(() => harmonicsOfCycle(samples, { startFrame: -1, frameCount: 128 }), /is not inside/);
  assert.throws(
    () => harmonicsOfCycle(samples, { startFrame: 0, frameCount: 20 }),
    /frameCount is 20; expected at least 32/,
  );
});
