import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CommitTimes } from './commit-times.ts';

test('before the first commit there is no time', () => {
  assert.equal(new CommitTimes().quantileMs(0.5), undefined);
});

test('quantiles are values that occurred: of 1…100 ms the median is 50 and p99 is 99', () => {
  const times = new CommitTimes();
  for (let tookMs = 100; tookMs >= 1; tookMs--) times.add(tookMs);
  assert.deepEqual([times.quantileMs(0.5), times.quantileMs(0.99), times.quantileMs(1)], [50, 99, 100]);
});

test('only the last commits count, and all are counted', () => {
  const times = new CommitTimes();
  for (let index = 0; index < 5_000; index++) times.add(index < 3_900 ? 1_000 : 1);
  assert.deepEqual([times.count, times.quantileMs(1)], [5_000, 1]);
});
