import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ceilingJet } from './ceiling-jet.ts';

test('the two correlations meet where one hands over to the other', () => {
  const [inner, outer] = [0.1799, 0.1801].map((ratio) => ceilingJet(500, 3, 3 * ratio).riseK);
  assert.ok(Math.abs((inner ?? 0) / (outer ?? 1) - 1) < 0.02);
  const [slow, fast] = [0.1499, 0.1501].map((ratio) => ceilingJet(500, 3, 3 * ratio).speedMPerS);
  assert.ok(Math.abs((slow ?? 0) / (fast ?? 1) - 1) < 0.02);
});

test('plume similarity: rise grows with the 2/3 power of the heat, speed with the 1/3 power', () => {
  const [small, big] = [ceilingJet(100, 3, 2), ceilingJet(800, 3, 2)];
  assert.ok(Math.abs(big.riseK / small.riseK - 4) < 1e-9);
  assert.ok(Math.abs(big.speedMPerS / small.speedMPerS - 2) < 1e-9);
});

test('no fire, no jet', () => {
  assert.deepEqual(ceilingJet(0, 3, 2), { riseK: 0, speedMPerS: 0 });
});
