import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RefusalBound } from './refusal-bound.ts';

const NOON = 60_000 * 29_000_000;

test('of one address thirty a minute come through, of all three hundred, and a new minute begins anew', () => {
  const bound = new RefusalBound();
  const admitted = (address: string, count: number, at = NOON): number =>
    Array.from({ length: count }, () => bound.admits(address, at)).filter(Boolean).length;
  assert.equal(admitted('a', 100), 30);
  assert.equal(admitted('b', 5), 5, 'another one is not to pay for it');
  const others = Array.from({ length: 1_000 }, (_, n) => admitted(`c${n}`, 1)).reduce((sum, one) => sum + one, 0);
  assert.equal(others, 300 - 35);
  assert.equal(admitted('a', 100, NOON + 59_999), 0);
  assert.equal(admitted('a', 100, NOON + 60_000), 30);
});
