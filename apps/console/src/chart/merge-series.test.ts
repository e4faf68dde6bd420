import assert from 'node:assert/strict';
import test from 'node:test';
import type { SeriesRow } from '../api/resources.ts';
import { gapThresholdMs, mergeSeries } from './merge-series.ts';

const row = (at: number, last: number): SeriesRow => [at, last - 1, last + 1, last];

test('two series share one rising axis, and a missing row is not a gap', () => {
  const merged = mergeSeries([
    { rows: [row(0, 1), row(2_000, 2), row(4_000, 3)], downsampled: 1 },
    { rows: [row(1_000, 7), row(3_000, 8)], downsampled: 1 },
  ]);
  assert.deepEqual(merged.x, [0, 1, 2, 3, 4]);
  assert.deepEqual(
    merged.series.map(({ last }) => last),
    [
      [1, undefined, 2, undefined, 3],
      [undefined, 7, undefined, 8, undefined],
    ],
  );
  assert.deepEqual(merged.series[0]?.min, [0, undefined, 1, undefined, 2]);
  assert.deepEqual(merged.series[0]?.max, [2, undefined, 3, undefined, 4]);
});

test('silence of more than three reporting intervals breaks the line', () => {
  const rows = [row(0, 1), row(1_000, 2), row(4_000, 3), row(8_000, 4)];
  const merged = mergeSeries([{ rows, downsampled: 1, intervalMs: 1_000 }]);
  assert.deepEqual(merged.x, [0, 1, 4, 4.001, 8]);
  assert.deepEqual(merged.series[0]?.last, [1, 2, 3, null, 4]);
});

test('empty buckets break the line of a downsampled series', () => {
  const rows = [0, 10, 20, 30, 60, 70].map((s) => row(s * 1_000, s));
  const merged = mergeSeries([{ rows, downsampled: 12, intervalMs: 1_000 }]);
  assert.deepEqual(merged.series[0]?.last, [0, 10, 20, 30, null, 60, 70]);
});

test('a gap of one series does not break another', () => {
  const steady = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((s) => row(s * 1_000, s));
  const broken = [row(0, 1), row(1_000, 1), row(8_000, 1)];
  const merged = mergeSeries([
    { rows: steady, downsampled: 1, intervalMs: 1_000 },
    { rows: broken, downsampled: 1, intervalMs: 1_000 },
  ]);
  assert.ok(!merged.series[0]?.last.includes(null));
  assert.deepEqual(merged.x, [0, 1, 1.001, 2, 3, 4, 5, 6, 7, 8]);
  assert.deepEqual(merged.series[1]?.last, [1, 1, null, null, null, null, null, null, null, 1]);
});

test('a single row has no step, so it has no gap', () => {
  assert.equal(gapThresholdMs({ rows: [row(0, 1)], downsampled: 1 }), Number.POSITIVE_INFINITY);
  assert.deepEqual(mergeSeries([{ rows: [], downsampled: 1 }]), { x: [], series: [{ min: [], max: [], last: [] }] });
});
