import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyFeatures, type HalfCycleFeatures } from './half-cycle-features.ts';
import { createHalfCycleHistory } from './half-cycle-history.ts';
import { learnState, type LoadState } from './load-state.ts';
import { makesUp, missesPulse, type MissedPulses } from './missed-pulse.ts';

const ZERO = 8;

/** A state of loads that draw `currentA` at an angle from the voltage's zero, 0..π. */
function loads(currentA: (angle: number) => number): LoadState {
  const history = createHalfCycleHistory(64);
  const half = Float64Array.from({ length: 64 }, (_, n) => currentA((Math.PI * (n - ZERO)) / 64));
  for (let count = 0; count < 8; count++) {
    const polarity = count % 2 === 0 ? 1 : -1;
    history.add(
      half.map((value) => polarity * value),
      polarity,
    );
  }
  return learnState(history, 8, 311, ZERO);
}

/** The pulse of a bridge: what the voltage is above nine tenths of its peak. */
const pulse = (angle: number): number => 60 * Math.max(0, Math.sin(angle) - 0.9);
const supply = loads(pulse);
const supplyBesideHeater = loads((angle) => pulse(angle) + 4 * Math.sin(angle));
const heater = loads((angle) => 4 * Math.sin(angle));

const seen = (features: Partial<HalfCycleFeatures>): HalfCycleFeatures => ({
  ...emptyFeatures(),
  surprise: 1,
  stepRatio: 0.5,
  ...features,
});
const missed = (count: number, lack = 1): MissedPulses => ({ count, lack, since: 0 });

test('a half-cycle without its pulse at full voltage is missed; in a dip of the supply it is not', () => {
  assert.equal(missesPulse(seen({ levelRatio: 0.01 }), supply, 1), true);
  assert.equal(missesPulse(seen({ levelRatio: 0.01 }), supply, 1.01), true);
  assert.equal(missesPulse(seen({ levelRatio: 0.01 }), supply, 0.97), false);
  assert.equal(missesPulse(seen({ levelRatio: 0.85 }), supply, 1), false);
});

test('beside a heater the pulse alone is missed; a heater alone has none', () => {
  assert.equal(missesPulse(seen({ levelRatio: 0.8 }), supplyBesideHeater, 1), true);
  assert.equal(missesPulse(seen({ levelRatio: 0.8 }), heater, 1), false);
});

test('a supply draws what it missed: of n pulses missed, between half of it and three times with its own', () => {
  for (const count of [1, 2, 4, 8]) {
    assert.equal(makesUp(seen({ levelRatio: 1 + count }), supply, missed(count)), true, `${count} missed`);
    assert.equal(makesUp(seen({ levelRatio: 1 + 0.4 * count }), supply, missed(count)), false, 'too little');
    assert.equal(makesUp(seen({ levelRatio: 1 + 3.1 * (count + 1) }), supply, missed(count)), false, 'an inrush');
  }
});

test('a load that was off and comes back as it was makes up for nothing', () => {
  for (const count of [1, 2, 4, 8]) assert.equal(makesUp(seen({ levelRatio: 1 }), supply, missed(count)), false);
});

test('after a pause longer than a capacitor feeds its load, or after none, a surge is an inrush', () => {
  assert.equal(makesUp(seen({ levelRatio: 9 }), supply, missed(9)), false);
  assert.equal(makesUp(seen({ levelRatio: 2 }), supply, missed(0)), false);
});

test('a large surge begins with a step where an arc strikes; through touching contacts it rises with the voltage', () => {
  const smooth = supply.stepRatio;
  assert.equal(makesUp(seen({ levelRatio: 5, stepRatio: smooth }), supply, missed(4)), false);
  assert.equal(makesUp(seen({ levelRatio: 5, stepRatio: smooth + 0.05 }), supply, missed(4)), true);
});
