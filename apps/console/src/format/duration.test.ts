import assert from 'node:assert/strict';
import test from 'node:test';
import { formatDataAge, formatStopwatch, parseSpan } from './duration.ts';

test('a stopwatch counts minutes and seconds, then hours, then days', () => {
  const table: readonly (readonly [number, string])[] = [
    [0, '00:00'],
    [999, '00:00'],
    [1_000, '00:01'],
    [75_400, '01:15'],
    [59 * 60_000 + 59_999, '59:59'],
    [3_600_000, '1:00:00'],
    [86_399_999, '23:59:59'],
    [86_400_000, '1d 00:00'],
    [3 * 86_400_000 + 7 * 3_600_000 + 5 * 60_000, '3d 07:05'],
    [-400, '00:00'],
    [Number.NaN, '–'],
  ];
  for (const [ms, expected] of table) assert.equal(formatStopwatch(ms), expected, String(ms));
});

test('the age of data has one figure and never reads sixty of a unit', () => {
  const table: readonly (readonly [number, string])[] = [
    [1_234, '1.2 s'],
    [9_999, '9.9 s'],
    [10_000, '10 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [3_599_999, '59 min'],
    [3_600_000, '1 h'],
    [47 * 3_600_000, '47 h'],
    [72 * 3_600_000, '3 d'],
    [-1, '0.0 s'],
    [Number.NaN, '–'],
  ];
  for (const [ms, expected] of table) assert.equal(formatDataAge(ms), expected, String(ms));
});

test('a span of the URL is a count and a unit, anything else is refused', () => {
  assert.equal(parseSpan('15m'), 900_000);
  assert.equal(parseSpan('7d'), 604_800_000);
  for (const bad of ['', '0m', '15', 'm', '-1h', '1.5h', '15 m', '99999h'])
    assert.equal(parseSpan(bad), undefined, bad);
});
