import assert from 'node:assert/strict';
import test from 'node:test';
import { formatCount, formatLimit, formatNumber, formatQuantity, formatShare, formatTicks } from './quantity.ts';

test('a reading keeps about three significant digits whatever its size', () => {
  const table: readonly (readonly [number, string])[] = [
    [480.4, '480'],
    [31.46, '31.5'],
    [4.314, '4.31'],
    [-4.314, '-4.31'],
    [0.25, '0.25'],
    [0.0421, '0.0421'],
    [0, '0'],
  ];
  for (const [value, expected] of table) assert.equal(formatNumber(value), expected);
});

test('an unknown reading is a dash without a unit, never zero', () => {
  for (const unknown of [undefined, null, Number.NaN, Number.POSITIVE_INFINITY])
    assert.equal(formatQuantity(unknown, 'A'), '–');
});

test('a quantity carries the symbol of its unit behind a no-break space', () => {
  assert.equal(formatQuantity(31.5, 'degC'), '31.5\u00a0℃');
  assert.equal(formatQuantity(12, 'furlong'), '12.0\u00a0furlong');
});

test('a confidence below one is never shown as certainty', () => {
  assert.equal(formatShare(0.999), '99\u00a0%');
  assert.equal(formatShare(1), '100\u00a0%');
  assert.equal(formatShare(0.974), '97\u00a0%');
  assert.equal(formatShare(undefined), '–');
});

test('counts are grouped by thousands', () => {
  assert.equal(formatCount(31204), '31\u202f204');
  assert.equal(formatCount(999), '999');
  assert.equal(formatCount(1234567), '1\u202f234\u202f567');
});

test('a limit keeps the digits it was set with', () => {
  assert.equal(formatLimit(36.25, 'A'), '36.25\u00a0A');
  assert.equal(formatLimit(85), '85');
  assert.equal(formatLimit(0.1 + 0.2), '0.3');
});

test('no two neighbours of an axis read alike, and none has digits its step does not need', () => {
  const table: readonly (readonly [readonly number[], readonly string[]])[] = [
    [
      [13.3, 13.35, 13.4],
      ['13.30', '13.35', '13.40'],
    ],
    [
      [0, 0.1, 0.2, 0.30000000000000004],
      ['0', '0.1', '0.2', '0.3'],
    ],
    [
      [-200, 0, 200],
      ['-200', '0', '200'],
    ],
    [
      [0, 12.5, 25],
      ['0', '12.5', '25.0'],
    ],
    [
      [220, 220.25, 220.5],
      ['220.00', '220.25', '220.50'],
    ],
    [
      [1000, 1001],
      ['1000', '1001'],
    ],
    [[5], ['5.00']],
    [[], []],
  ];
  for (const [ticks, expected] of table) assert.deepEqual(formatTicks(ticks), expected);
});
