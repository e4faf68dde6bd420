import assert from 'node:assert/strict';
import { test } from 'node:test';
import { latenciesOf, quantile, rounded, spreadOf } from './statistics.ts';

test('quantiles interpolate between neighbours as numpy.quantile does', () => {
  // numpy.quantile([1, 2, 3, 4], [0, 0.25, 0.5, 0.99, 1]) = 1, 1.75, 2.5, 3.97, 4
  const values = [4, 1, 3, 2];
  assert.deepEqual(
    [0, 0.25, 0.5, 0.99, 1].map((q) => Number(quantile(values, q).toFixed(12))),
    [1, 1.75, 2.5, 3.97, 4],
  );
});

test('numbers are ordered by size, not as text', () => {
  assert.deepEqual(spreadOf([10, 9, 100]), { n: 3, min: 9, median: 10, max: 100 });
});

test('no values give no numbers', () => {
  assert.deepEqual(latenciesOf([]), { n: 0, p50: NaN, p99: NaN, max: NaN });
  assert.equal(rounded(NaN), '–');
});

test('cells keep three significant digits', () => {
  assert.deepEqual([0, 0.1534, 8.417, 99.96, 1234.4, 204_812].map(rounded), [
    '0',
    '0.153',
    '8.42',
    '100.0',
    '1,230',
    '205,000',
  ]);
});
