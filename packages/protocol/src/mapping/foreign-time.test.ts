import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readForeignTime, type TimeFormat } from './foreign-time.ts';

/** 2026-11-21T01:00:00Z; from `date -u -d 2026-11-21T01:00:00Z +%s`. */
const SECONDS = 1_795_222_800;

test('the same instant is read from every format', () => {
  const cases: readonly (readonly [unknown, TimeFormat, string?])[] = [
    [SECONDS, 'epochS'],
    [String(SECONDS), 'epochS'],
    [SECONDS * 1000, 'epochMs'],
    [`${SECONDS}000`, 'epochMs'],
    ['2026-11-21T01:00:00Z', 'iso'],
    ['2026-11-21T09:00:00+08:00', 'iso'],
    ['2026-11-21T09:00:00.000+0800', 'iso'],
    ['2026-11-21 09:00:00', 'local', '+08:00'],
    ['2026/11/21 09:00:00', 'local', '+08:00'],
    ['20261121090000', 'local', '+08:00'],
    [20261121090000, 'local', '+08:00'],
    ['2026-11-20 21:30:00', 'local', '-03:30'],
    ['2026-11-21T01:00:00', 'local'],
  ];
  for (const [value, format, offset] of cases)
    assert.equal(readForeignTime(value, format, offset), SECONDS * 1000, `${format} ${String(value)}`);
  assert.equal(readForeignTime(1.5, 'epochS'), 1500);
  assert.equal(readForeignTime('2026-11-21 09:00:00.25', 'local', '+08:00'), SECONDS * 1000 + 250);
});

test('what is no instant is none, rather than another one', () => {
  const cases: readonly (readonly [unknown, TimeFormat])[] = [
    [undefined, 'epochMs'],
    [null, 'epochS'],
    [NaN, 'epochMs'],
    [-1, 'epochMs'],
    [1e300, 'epochS'],
    ['', 'epochS'],
    ['1e9', 'epochS'],
    ['2026-11-21T09:00:00', 'iso'],
    ['yesterday', 'iso'],
    ['2026-13-01T09:00:00Z', 'iso'],
    ['2026-02-31 09:00:00', 'local'],
    ['2026-11-21 24:00:00', 'local'],
    ['2026-11-21 09:60:00', 'local'],
    ['21.11.2026 09:00', 'local'],
    [{}, 'local'],
  ];
  for (const [value, format] of cases)
    assert.equal(readForeignTime(value, format), undefined, `${format} ${String(value)}`);
});
