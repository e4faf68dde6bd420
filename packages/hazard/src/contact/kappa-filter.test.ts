import assert from 'node:assert/strict';
import { test } from 'node:test';
import { updateKappa, type KappaFilterState } from './kappa-filter.ts';

const still = { offsetWalkK: 0, kappaWalkPerDay: 0, leastNoiseK: 0.1 };
const run = (
  samples: readonly (readonly [temperature: number, lagA2: number])[],
  settings = still,
  from?: KappaFilterState,
): KappaFilterState => {
  const state = samples.reduce<KappaFilterState | undefined>(
    (before, [temperature, lagA2]) => updateKappa(before, temperature, lagA2, settings),
    from,
  );
  assert.ok(state);
  return state;
};

test('without walk and noise it finds offset and κ, with an error not below that of least squares', () => {
  const samples = Array.from({ length: 400 }, (_, k): [number, number] => {
    const lagA2 = [0, 25, 100, 64][k % 4] ?? 0;
    return [22 + 0.05 * lagA2, lagA2];
  });
  const state = run(samples);
  assert.ok(Math.abs(state.offset - 22) < 1e-3);
  assert.ok(Math.abs(state.kappaKPerA2 - 0.05) < 1e-5);
  // var κ = R / Σ(F − F̄)²: F̄ = 47.25, Σ over four = 0² … = 5793.  R = 0.01, a hundred fours.
  const spread = 100 * [0, 25, 100, 64].reduce((sum, f) => sum + (f - 47.25) ** 2, 0);
  const ratio = Math.sqrt(state.covariance[2] / (0.01 / spread));
  assert.ok(ratio > 0.98 && ratio < 1.5, `${ratio}`);
});

test('without a change of load κ stays unknown however long it lasts', () => {
  const constant = run(
    Array.from({ length: 20_000 }, () => [25, 36]),
    { ...still, offsetWalkK: 0.08, kappaWalkPerDay: 0.05 },
  );
  assert.ok(Math.sqrt(constant.covariance[2]) > constant.kappaKPerA2);
  const idle = run(
    Array.from({ length: 20_000 }, () => [25, 0]),
    { ...still, offsetWalkK: 0.08, kappaWalkPerDay: 0.05 },
  );
  assert.equal(Math.sqrt(idle.covariance[2]), 1, 'the prior');
  const [b2, bk, k2] = constant.covariance;
  assert.ok(b2 > 0 && k2 > 0 && bk ** 2 <= b2 * k2 * (1 + 1e-9), 'still a covariance');
});

test('a jump of κ is found within an hour of changing load', () => {
  const settings = { offsetWalkK: 0.08, kappaWalkPerDay: 0.05, leastNoiseK: 0.1 };
  const load = (k: number): number => (k % 10 < 5 ? 0 : 81);
  const sample =
    (kappa: number) =>
    (_: unknown, k: number): [number, number] => [20 + kappa * load(k), load(k)];
  const before = run(Array.from({ length: 3_000 }, sample(0.03)), settings);
  const after = run(Array.from({ length: 60 }, sample(0.09)), settings, before);
  assert.ok(Math.abs(after.kappaKPerA2 / 0.09 - 1) < 0.05, `${after.kappaKPerA2}`);
});
