import assert from 'node:assert/strict';
import { test } from 'node:test';
import { synthesise } from '../../test/synthesise.ts';
import { createCycleAnalyser } from '../cycle-analyser.ts';
import { createCycleRing } from './cycle-ring.ts';
import { createMotion } from './motion.ts';
import { createStepSearch, MOST_ROWS } from './step-search.ts';

const CYCLE = 128;
const LAG = 34;
const STEP_CYCLE = 60;

test('a step is a peak once it has a score, and what comes later in its place of the ring is none before it has one', () => {
  const mains = { sampleRateHz: 6400, frames: 170 * CYCLE, frequencyHz: 50 };
  const voltageV = synthesise({ ...mains, components: [{ order: 1, rms: 230 }] });
  const oneA = synthesise({ ...mains, components: [{ order: 1, rms: 1 }], noiseRms: 0.01, seed: 4 });
  const currentA = oneA.map((value, frame) => (frame < STEP_CYCLE * CYCLE ? value : 2 * value));
  const ring = createCycleRing(MOST_ROWS, CYCLE);
  const motion = createMotion(ring);
  const search = createStepSearch(ring, motion, LAG, 3.2, () => []);
  const peaks = new Map<number, number[]>();
  createCycleAnalyser({ sampleRateHz: 6400, mainsHz: 50 }).push({ voltageV, currentA }, (reading, samples) => {
    ring.push(reading, samples);
    motion.push();
    search.push();
    const newest = ring.newest();
    const held = Array.from({ length: newest - ring.oldest() + 1 }, (_, n) => ring.oldest() + n);
    peaks.set(
      newest,
      held.filter((cycle) => search.isPeak(cycle)),
    );
  });
  const seenAt = [...peaks].filter(([, cycles]) => cycles.length > 0).map(([newest]) => newest);
  assert.ok(peaks.size > STEP_CYCLE + MOST_ROWS + LAG && seenAt.length > 0, `${peaks.size} cycles`);
  // From its score on until it leaves the ring.
  assert.equal(seenAt[0], STEP_CYCLE + LAG);
  assert.equal(seenAt.at(-1), STEP_CYCLE + MOST_ROWS - 1);
  for (const newest of seenAt) assert.deepEqual(peaks.get(newest), [STEP_CYCLE], `newest ${newest}`);
});
