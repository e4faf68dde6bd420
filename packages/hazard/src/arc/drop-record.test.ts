import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDropRecord } from './drop-record.ts';
import { emptyFeatures, type HalfCycleFeatures } from './half-cycle-features.ts';
import { createHalfCycleHistory } from './half-cycle-history.ts';
import { learnState, type LoadState } from './load-state.ts';

const state: LoadState = { ...learnState(createHalfCycleHistory(64), 8, 311, 8), surprise: 0.01 };
const seen = (values: Partial<HalfCycleFeatures>): HalfCycleFeatures => ({ ...emptyFeatures(), ...values });

test('means and deviations are those of the drops since the run began', () => {
  const drops = createDropRecord();
  for (const dropV of [1, 2, 3]) drops.add(seen({ dropV, startDelayPoints: 40 }), state);
  drops.begin();
  assert.equal(drops.deviationV(), Infinity);
  assert.equal(drops.count(), 0);
  // 2 4 4 4 5 5 7 9: mean 5, sum of squares from it 32, so 32/7.
  for (const value of [2, 4, 4, 4, 5, 5, 7, 9]) {
    drops.add(seen({ dropV: value, startDelayPoints: value, explained: value / 10, distance: value / 100 }), state);
  }
  assert.equal(drops.count(), 8);
  assert.ok(Math.abs(drops.deviationV() - Math.sqrt(32 / 7)) < 1e-12);
  assert.ok(Math.abs(drops.delayDeviationPoints() - Math.sqrt(32 / 7)) < 1e-12);
  assert.equal(drops.meanDelayPoints(), 5);
  assert.ok(Math.abs(drops.meanExplained() - 0.5) < 1e-12);
  assert.ok(Math.abs(drops.meanDistance() - 0.05) < 1e-12);
});

test('the change itself does not count as surprise, and no half-cycle for more than three times the own', () => {
  const drops = createDropRecord();
  for (const surprise of [0.2, 0.2, 0.01, 0.02]) drops.add(seen({ surprise }), state);
  assert.equal(drops.surpriseRatio(), Infinity);
  drops.add(seen({ surprise: 0.5 }), state);
  assert.ok(Math.abs(drops.surpriseRatio() - (1 + 2 + 3) / 3) < 1e-12);
});

test('two drops say nothing of how far they move', () => {
  const drops = createDropRecord();
  for (const dropV of [10, 20]) drops.add(seen({ dropV, startDelayPoints: 3 }), state);
  assert.equal(drops.deviationV(), Infinity);
  assert.equal(drops.delayDeviationPoints(), Infinity);
});
