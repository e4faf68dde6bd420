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
  for (const dropV of [1, 2, 3]) drops.add(seen({ dropV, startDelayPoints: 40 }), state, 0);
  drops.begin();
  assert.equal(drops.deviationV(), Infinity);
  assert.equal(drops.count(), 0);
  // 2 4 4 4 5 5 7 9: mean 5, sum of squares from it 32, so 32/7.
  for (const value of [2, 4, 4, 4, 5, 5, 7, 9]) {
    drops.add(seen({ dropV: value, startDelayPoints: value, explained: value / 10, distance: value / 100 }), state, 0);
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
  for (const surprise of [0.2, 0.2, 0.01, 0.02]) drops.add(seen({ surprise }), state, 0);
  assert.equal(drops.surpriseRatio(), Infinity);
  drops.add(seen({ surprise: 0.5 }), state, 0);
  assert.ok(Math.abs(drops.surpriseRatio() - (1 + 2 + 3) / 3) < 1e-12);
});

test('whether drops stand still is told by the newest: how they came there says nothing of it', () => {
  const drops = createDropRecord();
  for (const value of [2, 5, 7, 9]) drops.add(seen({ startDelayPoints: value, surprise: 0.05 }), state, 0);
  assert.ok(drops.delayDeviationPoints() > 1);
  assert.equal(drops.surpriseRatio(), Infinity);
  for (let count = 0; count < 8; count++) drops.add(seen({ startDelayPoints: 6, surprise: 0.008 }), state, 0);
  assert.equal(drops.delayDeviationPoints(), 0);
  assert.ok(Math.abs(drops.surpriseRatio() - 0.8) < 1e-12);
  for (const value of [6, 8, 5]) drops.add(seen({ startDelayPoints: value, surprise: 0.05 }), state, 0);
  assert.ok(drops.delayDeviationPoints() > 0.5);
  assert.ok(drops.surpriseRatio() > 1.2);
});

test('either polarity has a delay of its own', () => {
  const drops = createDropRecord();
  for (let count = 0; count < 8; count++) {
    drops.add(seen({ startDelayPoints: count % 2 === 0 ? 24 : 20 }), state, count % 2 === 0 ? 0 : 1);
  }
  assert.equal(drops.delayDeviationPoints(), 0);
  drops.begin();
  // 24 25 26 27 and 20 21 22 23: a sum of squares of 5 about either mean, six degrees of freedom.
  for (let count = 0; count < 8; count++) {
    const isFirst = count % 2 === 0;
    drops.add(seen({ startDelayPoints: (isFirst ? 24 : 20) + Math.floor(count / 2) }), state, isFirst ? 0 : 1);
  }
  assert.ok(Math.abs(drops.delayDeviationPoints() - Math.sqrt(10 / 6)) < 1e-12);
});

test('two drops say nothing of how far they move', () => {
  const drops = createDropRecord();
  for (const dropV of [10, 20]) drops.add(seen({ dropV, startDelayPoints: 3 }), state, 0);
  assert.equal(drops.deviationV(), Infinity);
  assert.equal(drops.delayDeviationPoints(), Infinity);
});
