import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalCdf, studentQuantile } from './quantile.ts';

// Printed tables of the standard normal and of Student's t (one-sided).
test('the normal distribution agrees with its table within 1.5e-7', () => {
  const table = [
    [0, 0.5],
    [1, 0.8413447461],
    [1.2815515655, 0.9],
    [1.96, 0.9750021049],
    [3.0902323062, 0.999],
    [-2.326347874, 0.01],
  ] as const;
  for (const [z, p] of table) assert.ok(Math.abs(normalCdf(z) - p) < 1.5e-7, `${z}`);
  assert.ok(Number.isNaN(normalCdf(NaN)));
  assert.equal(normalCdf(Infinity), 1);
});

test("the expansion of Student's quantile agrees with its table within 3 % from four degrees on", () => {
  const table = [
    [2.326347874, 4, 3.747],
    [2.326347874, 6, 3.143],
    [2.326347874, 10, 2.764],
    [2.326347874, 30, 2.457],
    [1.2815515655, 3, 1.638],
    [1.2815515655, 20, 1.325],
  ] as const;
  for (const [z, freedom, t] of table) {
    const value = studentQuantile(z, freedom);
    assert.ok(Math.abs(value / t - 1) < 0.03, `z ${z}, ${freedom} degrees: ${value}, table ${t}`);
  }
});
