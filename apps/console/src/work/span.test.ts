import assert from 'node:assert/strict';
import test from 'node:test';
import { formatSpan } from './span.ts';

test('a span is told in the two units that matter', () => {
  const hour = 3_600_000;
  assert.deepEqual([-1, 59_999, 60_000, hour - 1, hour, 26.5 * hour, 48 * hour, 100 * hour].map(formatSpan), [
    '0 s',
    '59 s',
    '1 min',
    '59 min',
    '1 h 0 min',
    '26 h 30 min',
    '2 d 0 h',
    '4 d 4 h',
  ]);
});
