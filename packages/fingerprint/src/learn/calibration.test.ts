import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { applyTemperature, expectedCalibrationError, fitIsotonic, fitTemperature, isotonicAt } from './calibration.ts';

test('isotonic: neighbours that fall are pooled to their mean', () => {
  // Worked by hand: 0 | 1 0 → 1/2 | 1 1 → 1.
  const curve = fitIsotonic([1, 2, 3, 4, 5], [0, 1, 0, 1, 1]);
  assert.deepEqual(
    [1, 2, 3, 4, 5].map((score) => isotonicAt(curve, score)),
    [0, 0.5, 0.5, 1, 1],
  );
  assert.equal(isotonicAt(curve, -7), 0);
  assert.equal(isotonicAt(curve, 99), 1);
  assert.equal(isotonicAt(curve, 1.5), 0.25);
});

test('isotonic: anywhere between two points of one value the curve has exactly that value', () => {
  const curve = { x: [0.1, 0.7], y: [0.960784, 0.960784] };
  fc.assert(
    fc.property(fc.double({ min: 0.1, max: 0.7, noNaN: true }), (score) => isotonicAt(curve, score) === 0.960784),
  );
});

test('isotonic: for any outcomes the curve rises, keeps the mean, and is no worse than a constant', () => {
  const outcome = fc.record({ score: fc.integer({ min: 0, max: 20 }), hit: fc.integer({ min: 0, max: 1 }) });
  fc.assert(
    fc.property(fc.array(outcome, { minLength: 1, maxLength: 60 }), (rows) => {
      const curve = fitIsotonic(
        rows.map(({ score }) => score),
        rows.map(({ hit }) => hit),
      );
      curve.y.forEach((y, i) => assert.ok(i === 0 || y >= (curve.y[i - 1] ?? NaN)));
      const mean = rows.reduce((sum, { hit }) => sum + hit, 0) / rows.length;
      const fitted = rows.map(({ score }) => isotonicAt(curve, score));
      assert.ok(Math.abs(fitted.reduce((a, b) => a + b, 0) / rows.length - mean) < 1e-9);
      const loss = (values: readonly number[]): number =>
        rows.reduce((sum, { hit }, i) => sum + (hit - (values[i] ?? NaN)) ** 2, 0);
      assert.ok(loss(fitted) <= loss(rows.map(() => mean)) + 1e-9);
    }),
  );
});

test('temperature: probabilities squared and normed are undone by T = 2', () => {
  // Every label occurs with exactly its true probability as weight, so the optimum is known, not sampled.
  const truth = [
    [0.7, 0.2, 0.1],
    [0.3, 0.3, 0.4],
    [0.05, 0.9, 0.05],
  ];
  const sharpened: number[] = [];
  const labels: number[] = [];
  const weights: number[] = [];
  for (const p of truth) {
    const norm = p.reduce((sum, value) => sum + value * value, 0);
    p.forEach((share, label) => {
      sharpened.push(...p.map((value) => (value * value) / norm));
      labels.push(label);
      weights.push(share);
    });
  }
  const temperature = fitTemperature(Float64Array.from(sharpened), labels, 3, weights);
  assert.ok(Math.abs(temperature - 2) < 0.01, String(temperature));
  const first = Float64Array.from(sharpened.slice(0, 3));
  applyTemperature(first, 2);
  first.forEach((p, k) => assert.ok(Math.abs(p - (truth[0]?.[k] ?? NaN)) < 1e-12));
});

test('calibration error: two bins off by 0.2 and 0.1, three rows to one', () => {
  const error = expectedCalibrationError([0.8, 0.8, 0.8, 0.4], [1, 1, 1, 0.5]);
  assert.ok(Math.abs(error - (0.75 * 0.2 + 0.25 * 0.1)) < 1e-12);
  assert.throws(() => expectedCalibrationError([1.2], [1]), /confidence 1.2 of row 0, expected 0 … 1/);
});
