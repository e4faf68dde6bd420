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

test('the bound beside directions that are taken out is never below the score, and near it when all noise is the floor', () => {
  const score = createStepScore();
  const alongOne = new Float64Array(FEATURE_COUNT);
  alongOne[2] = 1;
  const [before, after] = [list(0, 17), list(17, 14)];
  for (let seed = 0; seed < 100; seed++) {
    const sigma = [0.0005, 0.01, 0.3][seed % 3] as number;
    const load = seed % 2 === 0 ? 0.004 : 0.2;
    const rows = noisyRows(31, sigma, seed, (row, k) => (k === 2 ? Math.sin(row) : row >= 17 && k < 8 ? load : 0));
    const strength = meanOf(rows, after, 2) - meanOf(rows, before, 2);
    const leakA = seed % 5 === 0 ? 0.01 : 0;
    const bound = score.boundBeside(rows, before, after, [alongOne], Float64Array.of(strength), leakA);
    for (let row = 0; row < 31; row++) rows[row * FEATURE_COUNT + 2] = 0;
    const found = score.scoreBest(rows, before, after, leakA, 0);
    assert.ok(found <= bound * (1 + 1e-4), `${found} above ${bound}, seed ${seed}`);
    if (sigma === 0.0005) assert.ok(found > 0.8 * bound, `${found} far below ${bound}, seed ${seed}`);
  }
});

test('what is not enough at first is told as that, and the rest as if nothing had been asked', () => {
  const score = createStepScore();
  const [before, after] = [list(0, 20), list(20, 17)];
  for (let seed = 0; seed < 60; seed++) {
    const load = seed % 3 === 0 ? 0.04 : 0;
    const stray = seed % 2;
    const rows = noisyRows(
      37,
      0.01,
      seed,
      (row, k) => (k < 2 ? stray * Math.sin(row * 2.3) : 0) + (row >= 20 && k > 5 ? load : 0),
    );
    const whole = score.scoreBest(rows, before, after, 0, 0);
    const step = score.step.slice();
    const asked = score.scoreBest(rows, before, after, 0, 2);
    if (load === 0) {
      assert.ok(asked < 2 && whole < 2, `${asked} and ${whole} of nothing, seed ${seed}`);
      continue;
    }
    assert.ok(whole > 5, `${whole}, seed ${seed}`);
    assert.equal(asked, whole);
    assert.deepEqual(score.step, step);
  }
});

function meanOf(rows: Float32Array, { rows: places, count }: RowList, k: number): number {
  let total = 0;
  for (let n = 0; n < count; n++) total += rows[(places[n] as number) * FEATURE_COUNT + k] as number;
  return total / count;
}
