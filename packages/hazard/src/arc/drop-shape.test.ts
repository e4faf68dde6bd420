import assert from 'node:assert/strict';
import { test } from 'node:test';
import { givesVoltage, isNothingButDrop } from './drop-shape.ts';
import { emptyFeatures } from './half-cycle-features.ts';
import { createHalfCycleHistory } from './half-cycle-history.ts';
import { learnState } from './load-state.ts';

const state = learnState(createHalfCycleHistory(64), 8, 311, 8);

test('beside an arc no part of the load is missing', () => {
  assert.equal(isNothingButDrop({ ...emptyFeatures(), dropV: 13, gainDrop: -0.02 }), true);
  assert.equal(isNothingButDrop({ ...emptyFeatures(), dropV: 13, gainDrop: 0.07 }), false);
});

test('a half-cycle gives a voltage when its drop is clearly negative, and no supply makes up for a missed one', () => {
  const giving = { ...emptyFeatures(), dropDeviations: -7 };
  assert.equal(givesVoltage(giving, { ...state, restPoints: 3 }), true);
  assert.equal(givesVoltage(giving, { ...state, restPoints: 11 }), false);
  assert.equal(givesVoltage({ ...giving, dropDeviations: -5 }, { ...state, restPoints: 3 }), false);
});
