import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backOffMs } from './back-off.ts';

test('waiting times double from 1 s to 30 s and are shortened by up to a half at random', () => {
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5, 2000].map((attempt) => backOffMs(attempt, 0)),
    [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000],
  );
  assert.equal(backOffMs(0, 1), 500);
});
