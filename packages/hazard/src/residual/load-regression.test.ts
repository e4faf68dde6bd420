import assert from 'node:assert/strict';
import { test } from 'node:test';
import { predicted, predictionVariance, unknownRegression, updateRegression } from './load-regression.ts';

test('leakage of each load is found from its comings and goings, both components at once', () => {
  let state = unknownRegression(3);
  for (let k = 0; k < 400; k++) {
    const loads = [k % 2, (k >> 1) % 3 === 0 ? 1 : 0];
    const [a = 0, b = 0] = loads;
    state = updateRegression(state, loads, 15 + 3 * a + 7 * b, 40 + 12 * a - 2 * b);
  }
  const near = (values: readonly number[], expected: readonly number[]): void =>
    expected.forEach((value, k) =>
      assert.ok(Math.abs((values[k] ?? NaN) - value) < 0.01, `${values.join()}, expected ${expected.join()}`),
    );
  near(state.inPhaseMa, [15, 3, 7]);
  near(state.quadratureMa, [40, 12, -2]);
  assert.ok(Math.abs(predicted(state.inPhaseMa, [1, 0.5]) - 21.5) < 0.02);
});

test('the recursion gives what the normal equations give', () => {
  // Regressors (1, x) at x = 0, 1, 0.5, 0.25; y = 10, 14, 13, 10. Normal equations solved by hand:
  // n = 4, Σx = 1.75, Σx² = 1.3125, Σy = 47, Σxy = 23 ⇒ slope = (4·23 − 1.75·47)/(4·1.3125 − 1.75²) = 9.75/2.1875.
  let state = unknownRegression(2);
  for (const [x, y] of [
    [0, 10],
    [1, 14],
    [0.5, 13],
    [0.25, 10],
  ] as const)
    state = updateRegression(state, [x], y, -y);
  const slope = 9.75 / 2.1875;
  const constant = (47 - 1.75 * slope) / 4;
  // The priors, 1e3 and 1e6 of the noise, pull by less than a thousandth.
  assert.ok(Math.abs((state.inPhaseMa[1] ?? NaN) / slope - 1) < 3e-3);
  assert.ok(Math.abs((state.inPhaseMa[0] ?? NaN) / constant - 1) < 3e-3);
  assert.ok(Math.abs((state.quadratureMa[0] ?? NaN) + (state.inPhaseMa[0] ?? NaN)) < 1e-9);
});

test('a load never seen while learning leaves the prediction uncertain, one seen often does not', () => {
  let state = unknownRegression(3);
  for (let k = 0; k < 200; k++) state = updateRegression(state, [k % 2, 0], 10, 10);
  assert.ok(predictionVariance(state, [1, 0]) < 0.05);
  assert.ok(predictionVariance(state, [0, 1]) > 900);
});
