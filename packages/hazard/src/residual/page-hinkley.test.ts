import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { nextSum, restingSum } from './page-hinkley.ts';

test('the sum is what Page defined: how far the drift-less total stands above its lowest', () => {
  const values = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { maxLength: 25 });
  fc.assert(
    fc.property(values, (zs) => {
      let total = 0;
      let lowest = 0;
      let state = restingSum;
      for (const z of zs) {
        state = nextSum(state, z, 0.5);
        total += z - 0.5;
        lowest = Math.min(lowest, total);
        assert.ok(Math.abs(state.sum - (total - lowest)) < 1e-9);
      }
    }),
  );
});

test('steps count since the sum last rested, and the sum has a ceiling', () => {
  let state = [1, 1, -5, 1].reduce((before, z) => nextSum(before, z, 0.5), restingSum);
  assert.deepEqual(state, { sum: 0.5, steps: 1 });
  for (let k = 0; k < 1_000; k++) state = nextSum(state, 3, 0.5);
  assert.equal(state.sum, 60);
});
