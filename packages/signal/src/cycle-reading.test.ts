import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at } from '../test/analyse.ts';
import { readCycle } from '../test/read-cycle.ts';
import { synthesise } from '../test/synthesise.ts';
import { createReadingAllocator } from './cycle-reading.ts';
import { BINS, distortionOf } from './harmonic-phasors.ts';

/** One cycle of 128 points whose fundamental is at `startPhaseRad` on the first point. */
function cycle(
  components: readonly { order: number; rms: number; phaseRad?: number }[],
  startPhaseRad: number,
): Float64Array {
  return synthesise({ sampleRateHz: 6400, frames: 128, frequencyHz: 50, startPhaseRad, components });
}

test('phases refer to the voltage fundamental even when the cycle was cut off its zero phase (1e-9 rad)', () => {
  const current = [
    { order: 1, rms: 5, phaseRad: -0.7 },
    { order: 3, rms: 2, phaseRad: 1.2 },
    { order: 25, rms: 0.4, phaseRad: -2.9 },
  ];
  for (const startPhaseRad of [-0.4, 0, 0.05, 1.3]) {
    const samples = {
      voltageV: cycle([{ order: 1, rms: 230 }], startPhaseRad),
      currentA: cycle(current, startPhaseRad),
    };
    const reading = readCycle(samples);
    assert.ok(Math.abs(at(reading.voltageHarmonicPhasesRad, 1)) < 1e-9);
    for (const { order, phaseRad } of current) {
      assert.ok(Math.abs(at(reading.currentHarmonicPhasesRad, order) - phaseRad) < 1e-9, `harmonic ${order}`);
    }
    assert.ok(Math.abs(reading.reactivePowerVar - 230 * 5 * Math.sin(0.7)) < 1e-6);
  }
});

test('a cycle whose own voltage has no fundamental is not locked, whatever the tracker says', () => {
  const reading = readCycle({ voltageV: cycle([{ order: 1, rms: 9 }], 0), currentA: cycle([{ order: 1, rms: 1 }], 0) });
  assert.equal(reading.locked, false);
  assert.ok(
    Number.isNaN(reading.frequencyHz) && Number.isNaN(reading.powerFactor) && Number.isNaN(reading.voltageThdPct),
  );
  assert.ok(Math.abs(reading.voltageV - 9) < 1e-9);
});

test('a half-wave current has its closed-form dc and second harmonic (2 % for 128 points)', () => {
  const voltageV = cycle([{ order: 1, rms: 230 }], 0);
  const reading = readCycle({ voltageV, currentA: voltageV.map((v) => Math.max(0, v) / 23) });
  const peakA = 10 * Math.SQRT2;
  assert.ok(Math.abs(at(reading.currentHarmonicsA, 0) / (peakA / Math.PI) - 1) < 0.02);
  assert.ok(Math.abs(at(reading.currentHarmonicsA, 2) / ((2 * peakA) / (3 * Math.PI) / Math.SQRT2) - 1) < 0.02);
  assert.ok(Math.abs(reading.currentA - peakA / 2) < 1e-3);
});

test('distortion counts harmonics 2 to 40 that are known and is NaN without a fundamental', () => {
  const phasors = new Float64Array(2 * BINS).fill(NaN);
  phasors.set([99, 6, 3, NaN, 0], 0);
  phasors.set([0, 8, 0, NaN, -4], BINS);
  assert.equal(distortionOf(phasors, 0), 50);
  assert.ok(Number.isNaN(distortionOf(phasors.fill(NaN), 0)));
});

test('readings that share a buffer do not share values', () => {
  const allocate = createReadingAllocator();
  const all = Array.from({ length: 20 }, allocate);
  for (const [index, { harmonicPhasors }] of all.entries()) {
    assert.equal(harmonicPhasors.length, 4 * BINS);
    harmonicPhasors.fill(index);
  }
  for (const [index, { harmonicPhasors }] of all.entries()) {
    assert.ok(harmonicPhasors.every((value) => value === index));
  }
});

test('harmonics that were asked for before are those of the new cycle when a reading is written again', () => {
  const reading = createReadingAllocator()();
  const voltageV = cycle([{ order: 1, rms: 230 }], 0);
  for (const rms of [2, 7]) {
    readCycle({ voltageV, currentA: cycle([{ order: 5, rms, phaseRad: 0.5 }], 0) }, reading);
    assert.ok(Math.abs(at(reading.currentHarmonicsA, 5) - rms) < 1e-9);
    assert.ok(Math.abs(at(reading.currentHarmonicPhasesRad, 5) - 0.5) < 1e-9);
  }
});
