import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crossingOf, fitLine, leastSlopePerMs, type CoursePoint, type LineFit } from './line-fit.ts';

const points = (values: readonly number[], variance = 0.01): CoursePoint[] =>
  values.map((value, at) => ({ at, value, variance }));

function fitted(course: readonly CoursePoint[]): LineFit {
  const fit = fitLine(course);
  assert.ok(fit);
  return fit;
}

test('points on a line give the line, with the variances of ordinary least squares', () => {
  const fit = fitted(points([1, 3, 5, 7, 9], 0.04));
  // n = 5, Σ(t − t̄)² = 10: var(mean) = 0.04/5, var(slope) = 0.04/10.
  assert.deepEqual([fit.meanAt, fit.freedom], [2, 3]);
  for (const [value, expected] of [
    [fit.mean, 5],
    [fit.slopePerMs, 2],
    [fit.meanVariance, 0.008],
    [fit.slopeVariance, 0.004],
  ] as const) {
    assert.ok(Math.abs(value - expected) < 1e-12, `${value}, expected ${expected}`);
  }
});

test('a point of a hundredth of the weight moves the line by a hundredth', () => {
  const course = [
    { at: 0, value: 0, variance: 1 },
    { at: 1, value: 0, variance: 1 },
    { at: 0.5, value: 3, variance: 100 },
  ];
  assert.ok(Math.abs(fitted(course).mean - 0.03 / 2.01) < 1e-12);
});

test('scatter beyond the given errors widens them, scatter within never narrows them', () => {
  const wide = fitted(points([0, 2, 0, 2, 0, 2], 0.01));
  const tight = fitted(points([0, 0, 0, 0, 0, 0], 0.01));
  assert.ok(wide.slopeVariance > 50 * tight.slopeVariance);
  assert.ok(Math.abs(tight.slopeVariance - 0.01 / 17.5) < 1e-12);
});

test('too few points and points of one instant are no course', () => {
  assert.equal(fitLine(points([1, 2])), undefined);
  assert.equal(fitLine([1, 2, 3].map((value) => ({ at: 5, value, variance: 1 }))), undefined);
});

test('a steep line crosses where it does, and Fieller bounds lie on the edge of its confidence band', () => {
  const fit = fitted(points([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 0.04));
  const { at = NaN, earliestAt = NaN, latestAt = NaN } = crossingOf(fit, 20, 1.28);
  assert.ok(Math.abs(at - 20) < 1e-9);
  assert.ok(earliestAt < at && at < latestAt);
  for (const [edge, sign] of [
    [earliestAt, 1],
    [latestAt, -1],
  ] as const) {
    const u = edge - fit.meanAt;
    const error = Math.sqrt(fit.meanVariance + fit.slopeVariance * u ** 2);
    // t of 8 degrees at 90 %: 1.397.
    const band = fit.mean + fit.slopePerMs * u + sign * 1.397 * error;
    assert.ok(Math.abs(band - 20) < 0.01, `${band}`);
  }
});

test('a line that may be flat has no latest instant, a falling one no instant at all', () => {
  const flat = crossingOf(fitted(points([0, 0.3, -0.2, 0.3, 0.1, 0.2], 0.09)), 5, 1.28);
  assert.equal(flat.latestAt, undefined);
  assert.ok((flat.earliestAt ?? NaN) > 5);
  assert.equal(crossingOf(fitted(points([9, 8, 7, 6, 5])), 20, 1.28).at, undefined);
});

test('the least slope is the slope less its error times the quantile for so few points', () => {
  const fit = fitted(points([0, 2, 4, 6, 8, 10], 0.01));
  // t of 4 degrees at 99 %: 3.747, within the 3 % of the expansion.
  assert.ok(Math.abs((2 - leastSlopePerMs(fit, 2.326)) / Math.sqrt(0.01 / 17.5) / 3.747 - 1) < 0.03);
});
