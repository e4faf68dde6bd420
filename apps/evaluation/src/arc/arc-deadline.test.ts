import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isInTime, parallelDeadline, seriesDeadline } from './arc-deadline.ts';

const from = (first: number, count: number, step = 1): number[] =>
  Array.from({ length: count }, (_, n) => first + n * step);

test('a series arc of 14 half-cycles in a row counts from its first, for the time of Table 1', () => {
  assert.deepEqual(seriesDeadline(from(103, 14), 5, 50), { fromS: 1.03, limitS: 0.5 });
});

test('the end of the 14th half-cycle is the limit where Table 1 is shorter', () => {
  assert.deepEqual(seriesDeadline(from(100, 14), 63, 50), { fromS: 1, limitS: 0.14 });
  assert.deepEqual(seriesDeadline(from(100, 14, 7), 2.5, 50), { fromS: 1, limitS: 1 });
  assert.deepEqual(seriesDeadline(from(100, 14, 5), 10, 50), { fromS: 1, limitS: 0.66 });
});

test('half-cycles before the first 14 within a second do not start the clock', () => {
  assert.equal(seriesDeadline([20, 40, 60, ...from(300, 14)], 16, 50)?.fromS, 3);
});

test('the column of Table 1 is that of the largest current not above; below 2.5 A that of 2.5 A', () => {
  const limit = (currentA: number): number | undefined => seriesDeadline(from(0, 20), currentA, 50)?.limitS;
  assert.deepEqual([0.4, 2.5, 4.9, 5, 9.9, 10, 31, 32].map(limit), [1, 1, 1, 0.5, 0.5, 0.25, 0.15, 0.14]);
});

test('13 half-cycles in a second, or 14 in more, ask for nothing', () => {
  assert.equal(seriesDeadline(from(100, 13), 5, 50), undefined);
  assert.equal(seriesDeadline(from(100, 14, 8), 5, 50), undefined);
});

test('at 60 Hz a half-cycle is 1/120 s', () => {
  assert.deepEqual(seriesDeadline(from(120, 14), 63, 60), { fromS: 1, limitS: 0.12 });
});

test('a parallel arc counts to the end of the 8th half-cycle within 0.5 s', () => {
  assert.deepEqual(parallelDeadline(from(50, 8, 2), 50), { fromS: 0.5, limitS: 0.15 });
  assert.equal(parallelDeadline(from(50, 8, 8), 50), undefined);
});

test('a reaction before the clock starts, after the limit or without need is not in time', () => {
  const deadline = { fromS: 1, limitS: 0.5 };
  assert.deepEqual(
    [0.99, 1, 1.5, 1.51, undefined].map((at) => isInTime(at, deadline)),
    [false, true, true, false, false],
  );
  assert.equal(isInTime(undefined, undefined), true);
  assert.equal(isInTime(2, undefined), false);
});
