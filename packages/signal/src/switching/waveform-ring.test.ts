import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWaveformRing } from './waveform-ring.ts';

const POINTS = 128;
const sine = (peak: number, phaseRad = 0): Float64Array =>
  Float64Array.from({ length: POINTS }, (_, n) => peak * Math.sin((2 * Math.PI * n) / POINTS + phaseRad));

function read(ring: ReturnType<typeof createWaveformRing>, slot: number): Float64Array {
  const target = new Float64Array(POINTS);
  ring.add(slot, 1, target);
  return target;
}

function worst(actual: Float64Array, expected: Float64Array): number {
  return actual.reduce((most, value, n) => Math.max(most, Math.abs(value - (expected[n] as number))), 0);
}

test('a waveform near its key is kept within half a code of what differs', () => {
  const ring = createWaveformRing(8, POINTS, 3);
  for (let slot = 0; slot < 8; slot++) ring.push(slot, sine(10 + 0.01 * slot));
  // Half of 0.07/126.5, and single precision of 10.
  for (let slot = 0; slot < 8; slot++) assert.ok(worst(read(ring, slot), sine(10 + 0.01 * slot)) < 3e-4 + 2e-6);
});

test('a load that alternates between levels has a key for each of them', () => {
  const ring = createWaveformRing(12, POINTS, 4);
  const levels = [sine(0.3, 1), sine(10), sine(4, -0.5)];
  for (let slot = 0; slot < 50; slot++) ring.push(slot, levels[slot % 3] as Float64Array);
  // 16 bits of the level's own peak.
  for (let slot = 38; slot < 50; slot++)
    assert.ok(worst(read(ring, slot), levels[slot % 3] as Float64Array) < 10 / 32767);
});

test('more levels than keys are kept within half a code of the distance to the nearest', () => {
  const ring = createWaveformRing(16, POINTS, 2);
  for (let slot = 0; slot < 200; slot++) ring.push(slot, sine(1 + ((slot * 7) % 16)));
  for (let slot = 184; slot < 200; slot++) {
    assert.ok(worst(read(ring, slot), sine(1 + ((slot * 7) % 16))) <= (0.5 * 15) / 126.5 + 1e-3);
  }
});

test('a key is not overwritten while a slot that is held refers to it', () => {
  const ring = createWaveformRing(4, POINTS, 2);
  ring.push(0, sine(5));
  for (let slot = 1; slot < 4; slot++) ring.push(slot, sine(1, slot));
  assert.ok(worst(read(ring, 0), sine(5)) < 1e-3);
});

test('silence is kept as silence, and after a clear nothing of before is read', () => {
  const ring = createWaveformRing(4, POINTS, 2);
  ring.push(0, sine(3));
  ring.clear();
  ring.push(1, new Float64Array(POINTS));
  assert.deepEqual(read(ring, 1), new Float64Array(POINTS));
  ring.push(2, sine(2));
  assert.ok(worst(read(ring, 2), sine(2)) < 1e-3);
});
