import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseInstant, parseWords } from './parameters.ts';
import { ApiError } from './problem.ts';

const refused = (code: string, words: RegExp) => (error: unknown) => {
  assert.ok(error instanceof ApiError);
  assert.deepEqual([error.status, error.code], [400, code]);
  assert.match(error.message, words);
  return true;
};

test('an instant is ISO 8601 with offset, or epoch milliseconds', () => {
  const rows = [
    ['2025-11-21T10:00:00+08:00', Date.UTC(2025, 10, 21, 2)],
    ['2025-11-21T10:00Z', Date.UTC(2025, 10, 21, 10)],
    ['2025-11-21T10:00:00.123Z', Date.UTC(2025, 10, 21, 10) + 123],
    ['1763690400000', 1_763_690_400_000],
    ['0', 0],
    ['8640000000000000', 8.64e15],
  ] as const;
  for (const [text, at] of rows) assert.equal(parseInstant('from', text), at, text);
});

test('what is no instant is refused by name, value and expectation', () => {
  const texts = [
    '',
    'now',
    '2025-11-21',
    '2025-11-21T10:00:00',
    '-1',
    '1e9',
    '1.5',
    '8640000000000001',
    '9999999999999999',
  ];
  for (const text of [...texts, '2025-13-01T00:00:00Z', '2025-11-21T25:00:00Z', ' 0', 'x'.repeat(1_000)])
    assert.throws(
      () => parseInstant('until', text),
      refused('invalidInstant', /^until is ".{0,40}", expected ISO 8601/),
    );
});

test('words are taken from the list, others are refused with the list', () => {
  const words = ['fire', 'warning', 'fault'] as const;
  assert.deepEqual(parseWords('category', 'fault,fire', words), ['fault', 'fire']);
  for (const text of ['', 'fire,', 'Fire', 'fire;fault'])
    assert.throws(
      () => parseWords('category', text, words),
      refused('invalidParameter', /expected one of fire, warning, fault/),
    );
});
