import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createNormal } from '../../test/random.ts';
import { FEATURE_COUNT } from './cycle-features.ts';
import { createStepScore } from './step-score.ts';
import type { RowList } from './step-score.ts';

const list = (from: number, count: number): RowList => ({
  rows: Int32Array.from({ length: count }, (_, n) => from + n),
  count,
});

function noisyRows(count: number, sigma: number, seed: number, add: (row: number, k: number) => number): Float32Array {
  const normal = createNormal(seed);
  return Float32Array.from(
    { length: count * FEATURE_COUNT },
    (_, n) => sigma * normal() + add(Math.floor(n / FEATURE_COUNT), n % FEATURE_COUNT),
  );
}

function meanScore(add: (row: number, k: number) => number, strays = 0, leakA = 0): number {
  const score = createStepScore();
  const runs = 200;
  let total = 0;
  for (let seed = 0; seed < runs; seed++) {
    total += score.score(noisyRows(24, 0.01, seed, add), list(0, 12), list(12, 12), leakA, strays);
  }
  return total / runs;
}

test('the score is about 1 when nothing changed, however large the steady current is', () => {
  for (const offset of [0, 100]) assert.ok(Math.abs(meanScore(() => offset) - 1) < 0.06);
});

test('a step in all components scores its size in standard errors', () => {
  // Each component: step 0.02 against 0.01·sqrt(1/12 + 1/12); noise adds 1 in the mean square.
  const expected = Math.hypot(0.02 / (0.01 * Math.sqrt(2 / 12)), 1);
  const found = meanScore((row) => (row >= 12 ? 0.02 : 0));
  assert.ok(Math.abs(found / expected - 1) < 0.08, `${found}, expected ${expected}`);
});

test('a change of the size of the leak counts as noise', () => {
  const step = (row: number, k: number): number => (row >= 12 && k === 3 ? 0.5 : 0);
  assert.ok(meanScore(step) > 20);
  assert.ok(meanScore(step, 0, 0.5) < 1.1);
});

test('a direction in which both sides stray is left out, and a step beside it is seen again', () => {
  // The background strays by 1 A along two components, in turn; the load adds 0.05 A to a third.
  const stray = (row: number, k: number): number => (k === 0 || k === 5 ? Math.sin(row * 2.3) : 0);
  const load = (row: number, k: number): number => (row >= 12 && k > 10 ? 0.02 : 0);
  const withStray = meanScore((row, k) => stray(row, k) + load(row, k), 1);
  assert.ok(withStray > 2.5, `${withStray}`);
  assert.ok(meanScore(stray, 1) < 1.15, 'nothing but strays');
});
