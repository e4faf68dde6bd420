import assert from 'node:assert/strict';
import test from 'node:test';
import { harmonicShares, shareScale } from './harmonic-shares.ts';

test('harmonics are shares of the fundamental', () => {
  const rms = Float64Array.from([0.1, 10, 0, 3, ...Array.from({ length: 37 }, () => Number.NaN)]);
  const shares = harmonicShares(rms);
  assert.deepEqual(shares?.slice(0, 4), [100, 0, 30, undefined]);
  assert.equal(shares.length, 40);
});

test('without a fundamental there is nothing to compare with', () => {
  assert.equal(harmonicShares([1, 0, 5]), undefined);
  assert.equal(harmonicShares([1, Number.NaN]), undefined);
  assert.equal(harmonicShares([]), undefined);
});

test('the scale follows the harmonics above the first, in steps of 1, 2 and 5', () => {
  assert.equal(shareScale([100, 0, 30]), 50);
  assert.equal(shareScale([100, 1, 0.2]), 5);
  assert.equal(shareScale([100, 12]), 20);
  assert.equal(shareScale([100, 140]), 200);
});
