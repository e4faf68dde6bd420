import assert from 'node:assert/strict';
import { test } from 'node:test';
import { growthOf, stretchMeans } from './growth.ts';

const near = (value: number, expected: number): void => assert.ok(Math.abs(value - expected) < 1e-12, `${value}`);

test('slope and its standard error are those of linear regression', () => {
  // numpy.polyfit([0, 1, 2, 3, 4], [1, 3, 2, 5, 4], 1) = 0.8, 1.4; residuals 0.2² · … = 3.6; √(3.6 / 3 / 10) = √0.12
  const { slope, error } = growthOf([1, 3, 2, 5, 4].map((y, x) => [x, y] as const));
  near(slope, 0.8);
  near(error, Math.sqrt(0.12));
});

test('what lies on a line has no error, wherever it begins', () => {
  const { slope, error } = growthOf([7, 8, 9, 11].map((x) => [x, 100 - 3 * x] as const));
  near(slope, -3);
  near(error, 0);
});

test('one point, or one moment alone, has no growth', () => {
  assert.deepEqual(growthOf([]), { slope: NaN, error: NaN });
  assert.deepEqual(growthOf([[1, 2]]), { slope: NaN, error: NaN });
  assert.deepEqual(growthOf([1, 2].map((y) => [5, y] as const)), { slope: NaN, error: NaN });
});

test('means of stretches keep every point once, and a line stays the line it is', () => {
  const points = Array.from({ length: 10 }, (_, x) => [x, 2 * x + 1] as const);
  assert.deepEqual(
    stretchMeans(points, 5),
    [0.5, 2.5, 4.5, 6.5, 8.5].map((x) => [x, 2 * x + 1]),
  );
  assert.deepEqual(stretchMeans(points, 3).length, 3);
  assert.deepEqual(stretchMeans(points.slice(0, 2), 5), [
    [0, 1],
    [1, 3],
  ]);
});
