import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLoadHeatLag } from './load-heat-lag.ts';

test('a step of the current is followed exponentially, and the mean over a step is its integral', () => {
  const lag = createLoadHeatLag(120);
  lag.advance(10, 0);
  let total = 0;
  for (let k = 0; k < 30; k++) total += lag.advance(10, 100) * 10;
  // F(t) = 100·(1 − e^(−t/τ)); ∫ = 100·(t − τ(1 − e^(−t/τ))).
  const decay = Math.exp(-300 / 120);
  assert.ok(Math.abs((lag.valueA2() ?? NaN) - 100 * (1 - decay)) < 1e-9);
  assert.ok(Math.abs(total - 100 * (300 - 120 * (1 - decay))) < 1e-6);
});

test('it has settled four time constants after the start and after a gap', () => {
  const lag = createLoadHeatLag(30);
  for (let k = 0; k < 11; k++) lag.advance(10, 4);
  assert.equal(lag.isSettled(), false);
  lag.advance(10, 4);
  assert.equal(lag.isSettled(), true);
  lag.interrupt();
  assert.equal(lag.isSettled(), false);
});
