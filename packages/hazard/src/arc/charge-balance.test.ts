import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createChargeBalance, isAddedLoad, type ChargeBalance } from './charge-balance.ts';
import { createHalfCycleHistory } from './half-cycle-history.ts';
import { isRectifier } from './load-class.ts';
import { learnState, type LoadState } from './load-state.ts';

/** Loads whose current follows `shape` of the angle after the voltage's zero, 0..π. */
function loads(shape: (angle: number) => number): LoadState {
  const history = createHalfCycleHistory(64);
  for (let half = 0; half < 8; half++) {
    const polarity = half % 2 === 0 ? 1 : -1;
    history.add(
      Float64Array.from({ length: 64 }, (_, n) => polarity * 3 * shape((Math.PI * (n - 8)) / 64)),
      polarity,
    );
  }
  return learnState(history, 8, 311, 8);
}

/** A pulse of 60° around the crest. */
const supplies = loads((angle) => Math.max(0, Math.sin(angle) - 0.866) * 7);

function balanceOf(levelRatios: readonly number[]): ChargeBalance {
  const charge = createChargeBalance();
  for (const ratio of levelRatios) charge.add(ratio);
  return charge;
}

test('supplies that draw more than they ever missed have a load beside them that came on', () => {
  assert.ok(isRectifier(supplies));
  assert.equal(isAddedLoad(supplies, balanceOf([3.4, 2.5, 2.4, 2.9, 2.5, 2, 2.4, 2.4, 2, 2, 2.2, 2])), true);
  assert.equal(isAddedLoad(supplies, balanceOf([1.2, 1.8, 1.4, 1.2, 1.2, 1.4, 1.3, 1.3, 1.3, 1.3])), true);
});

test('supplies behind an arc miss pulses and make up for them, or draw as much more as the arc takes voltage away', () => {
  assert.equal(isAddedLoad(supplies, balanceOf([0, 3.6, 0, 2, 1.1, 1.1, 0, 2.5, 1, 0, 2.9, 0, 2.3])), false);
  assert.equal(isAddedLoad(supplies, balanceOf([1.1, 1.14, 1.08, 1.12, 1.1, 1.13, 1.1, 1.09, 1.14, 1.1])), false);
});

test('a run that begins anew does not remember; beside other loads, and without a state, nothing is said', () => {
  const charge = balanceOf([3, 3, 3, 3]);
  assert.equal(isAddedLoad(supplies, charge), true);
  assert.equal(isAddedLoad(loads(Math.sin), charge), false);
  assert.equal(isAddedLoad(undefined, charge), false);
  charge.begin();
  assert.equal(isAddedLoad(supplies, charge), false);
});
