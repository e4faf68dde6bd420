import assert from 'node:assert/strict';
import { test } from 'node:test';
import { at } from '../../test/analyse.ts';
import { synthesise } from '../../test/synthesise.ts';
import { createCycleAnalyser } from '../cycle-analyser.ts';
import { createCycleRing } from './cycle-ring.ts';
import type { CycleRing } from './cycle-ring.ts';
import { differenceOf, measureStates } from './state-difference.ts';

const recipe = { sampleRateHz: 6400, frames: 48 * 128, frequencyHz: 50 };

/** A ring of 40 cycles whose current has the given rms in each cycle. */
function ringOf(rmsOf: (cycle: number) => number): CycleRing {
  const voltageV = synthesise({ ...recipe, components: [{ order: 1, rms: 230 }] });
  const unit = synthesise({ ...recipe, components: [{ order: 1, rms: 1 }] });
  const currentA = unit.map((value, n) => value * rmsOf(Math.floor(n / 128)));
  const ring = createCycleRing(40, 128);
  createCycleAnalyser({ sampleRateHz: 6400, mainsHz: 50 }).push({ voltageV, currentA }, (reading, samples) => {
    if (ring.newest() < 39) ring.push(reading, samples);
  });
  return ring;
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, n) => from + n);

test('a waveform comes back from the ring to 16 bits of its peak', () => {
  const ring = ringOf(() => 7);
  const wave = new Float64Array(128);
  ring.addCurrent(20, 1, wave);
  for (let point = 0; point < 128; point++) {
    const expected = 7 * Math.SQRT2 * Math.sin((2 * Math.PI * point) / 128);
    assert.ok(Math.abs(at(wave, point) - expected) < 3e-4, `point ${point}`);
  }
});

test('levels that occur unequally often on both sides cancel: what is left is the load', () => {
  // The background is 1 A or 4 A; the load of 0.5 A is on from cycle 20.
  const isHigh = (cycle: number): boolean => (cycle < 20 ? cycle < 5 : cycle < 36);
  const ring = ringOf((cycle) => (isHigh(cycle) ? 4 : 1) + (cycle >= 20 ? 0.5 : 0));
  const pairs = [
    { before: range(7, 19), after: range(37, 40) },
    { before: range(1, 4), after: range(21, 34) },
  ];
  const { before, after, differenceCurrentA, differenceErrorA } = differenceOf(...measureStates(ring, pairs));
  for (let point = 0; point < 128; point++) {
    const expected = 0.5 * Math.SQRT2 * Math.sin((2 * Math.PI * point) / 128);
    assert.ok(Math.abs(at(differenceCurrentA, point) - expected) < 5e-3, `point ${point}`);
  }
  assert.ok(Math.abs(after.activePowerW - before.activePowerW - 115) < 1);
  assert.ok(differenceErrorA.every((error) => error < 0.01));
  assert.deepEqual([before.firstCycle, before.cycleCount, after.firstCycle, after.cycleCount], [1, 15, 21, 16]);
});

test('the error of a difference from single cycles is not known', () => {
  const ring = ringOf(() => 1);
  const { differenceErrorA } = differenceOf(...measureStates(ring, [{ before: [3], after: [9] }]));
  assert.ok(differenceErrorA.every((error) => Number.isNaN(error)));
});
