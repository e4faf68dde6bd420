import assert from 'node:assert/strict';
import { test } from 'node:test';
import { discriminantProbabilities, mahalanobisDistances, trainDiscriminant } from './discriminant.ts';
import { trainingSetOf } from './training-set.ts';

/** Four points around (x, y) whose covariance is exactly [[4, 0], [0, 1]]. */
function cross(x: number, y: number): number[][] {
  const a = Math.SQRT2;
  return [
    [x + 2 * a, y],
    [x - 2 * a, y],
    [x, y + a],
    [x, y - a],
  ];
}

test('the distance to a class counts its spread in each direction', () => {
  const rows = [...cross(0, 0), ...cross(10, 0)];
  const model = trainDiscriminant(trainingSetOf(rows, [0, 0, 0, 0, 1, 1, 1, 1], 2), { shrinkage: 0 });
  const out = new Float64Array(2);
  mahalanobisDistances(model, [0, 3], out);
  // 3 across at spread 1; from (10, 0): 10 along at spread 2 as well.
  assert.ok(Math.abs((out[0] ?? NaN) - 3) < 1e-4, String(out[0]));
  assert.ok(Math.abs((out[1] ?? NaN) - Math.hypot(5, 3)) < 1e-4, String(out[1]));
  discriminantProbabilities(model, [5, 100], out);
  assert.ok(Math.abs((out[0] ?? NaN) - 0.5) < 1e-9);
});

test('columns that lean together are told apart across their common direction', () => {
  // Both classes stretch along x = y; only x − y tells them apart.
  const rows: number[][] = [];
  const labels: number[] = [];
  for (let i = -5; i <= 5; i++) {
    rows.push([i + 0.3, i - 0.3], [i + 0.5, i - 0.5], [i - 0.3, i + 0.3], [i - 0.5, i + 0.5]);
    labels.push(0, 0, 1, 1);
  }
  const out = new Float64Array(2);
  discriminantProbabilities(trainDiscriminant(trainingSetOf(rows, labels, 2), { shrinkage: 0 }), [4.4, 4], out);
  assert.ok((out[0] ?? NaN) > 0.99);
});

test('a class without rows has probability 0 and no distance', () => {
  const model = trainDiscriminant(trainingSetOf(cross(0, 0), [0, 0, 0, 0], 2), { shrinkage: 0.1 });
  const out = new Float64Array(2);
  discriminantProbabilities(model, [1, 1], out);
  assert.deepEqual([...out], [1, 0]);
  mahalanobisDistances(model, [1, 1], out);
  assert.ok(Number.isNaN(out[1]));
});
