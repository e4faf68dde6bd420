import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readIso, readTimeLabel, toBeijingIso, writeTimeLabel } from './time-label.ts';

test('a label is plain binary, second first, and eight hours ahead of UTC', () => {
  const label = Uint8Array.of(10, 7, 14, 5, 3, 26);
  assert.equal(readTimeLabel(label), Date.parse('2026-03-05T06:07:10Z'));
  assert.deepEqual(writeTimeLabel(Date.parse('2026-03-05T06:07:10.999Z')), label);
  assert.equal(toBeijingIso(Date.parse('2026-03-05T06:07:10Z')), '2026-03-05T14:07:10+08:00');
});

test('a label reaches from 2000 to 2099 of Beijing time', () => {
  assert.equal(readTimeLabel(Uint8Array.of(0, 0, 0, 1, 1, 0)), Date.parse('2000-01-01T00:00:00+08:00'));
  assert.equal(readTimeLabel(Uint8Array.of(59, 59, 23, 31, 12, 99)), Date.parse('2099-12-31T23:59:59+08:00'));
  assert.throws(() => writeTimeLabel(Date.parse('2100-01-01T00:00:00+08:00')), /2000…2099/);
  assert.throws(() => writeTimeLabel(Date.parse('1999-12-31T23:59:59+08:00')), /2000…2099/);
  assert.throws(() => writeTimeLabel(NaN), /NaN/);
});

test('what is no time is unknown: zeros, a byte out of range, a day outside the calendar', () => {
  const none = [
    [0, 0, 0, 0, 0, 0],
    [60, 0, 0, 1, 1, 26],
    [0, 60, 0, 1, 1, 26],
    [0, 0, 24, 1, 1, 26],
    [0, 0, 0, 0, 1, 26],
    [0, 0, 0, 32, 1, 26],
    [0, 0, 0, 1, 0, 26],
    [0, 0, 0, 1, 13, 26],
    [0, 0, 0, 1, 1, 100],
    [0, 0, 0, 29, 2, 26],
    [0, 0, 0, 31, 4, 26],
    [255, 255, 255, 255, 255, 255],
    [0, 0, 0, 1, 1],
  ];
  for (const bytes of none) assert.equal(readTimeLabel(Uint8Array.from(bytes)), undefined, bytes.join(' '));
  assert.equal(readTimeLabel(Uint8Array.of(0, 0, 0, 29, 2, 24)), Date.parse('2024-02-29T00:00:00+08:00'));
});

test('an unknown instant is written as zeros', () => {
  assert.deepEqual(writeTimeLabel(undefined), new Uint8Array(6));
});

test('an ISO instant needs an offset and a day of the calendar', () => {
  assert.equal(readIso('2026-03-05T14:07:10+08:00'), Date.parse('2026-03-05T06:07:10Z'));
  assert.equal(readIso('2026-03-05T06:07:10.5Z'), Date.parse('2026-03-05T06:07:10Z'));
  const none = [
    '2026-03-05T14:07:10',
    '2026-02-30T14:07:10Z',
    '2026-13-01T00:00:00Z',
    '1999-01-01T00:00:00Z',
    '2026',
    '',
  ];
  for (const text of none) assert.equal(readIso(text), undefined, text);
});
