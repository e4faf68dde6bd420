import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { balancedWeights } from './balanced-weights.ts';
import { groupFolds } from './group-folds.ts';
import { createRandom } from './random.ts';
import { trainingSetOf } from './training-set.ts';

test('rows of one group share their fold, and folds fill evenly', () => {
  const groups = fc.array(fc.nat(12), { minLength: 1, maxLength: 80 });
  fc.assert(
    fc.property(groups, fc.integer({ min: 2, max: 5 }), fc.nat(), (ids, foldCount, seed) => {
      const folds = groupFolds(Int32Array.from(ids), foldCount, createRandom(seed));
      const foldOf = new Map<number, number>();
      ids.forEach((id, row) => {
        assert.equal(foldOf.get(id) ?? folds[row], folds[row]);
        foldOf.set(id, folds[row] ?? NaN);
      });
      const sizes = Array.from({ length: foldCount }, (_, fold) => folds.filter((f) => f === fold).length);
      const largest = Math.max(...ids.map((id) => ids.filter((other) => other === id).length));
      assert.ok(Math.max(...sizes) - Math.min(...sizes) <= Math.max(largest, 1));
    }),
  );
});

test('weights: repeats of a device count once, and every class alike', () => {
  // Class 0: device 1 three times, device 2 once. Class 1: device 1 once.
  const set = trainingSetOf([[0], [0], [0], [0], [0]], [0, 0, 0, 0, 1], 2, { groups: [1, 1, 1, 2, 1] });
  const close = (actual: Float64Array, expected: number[]): void => {
    expected.forEach((value, i) => assert.ok(Math.abs((actual[i] ?? NaN) - value) < 1e-12, actual.join()));
  };
  close(balancedWeights(set, { classPower: 0, repeatPower: 1 }), [5 / 9, 5 / 9, 5 / 9, 5 / 3, 5 / 3]);
  close(balancedWeights(set, { classPower: 1, repeatPower: 1 }), [5 / 12, 5 / 12, 5 / 12, 5 / 4, 5 / 2]);
  close(balancedWeights(set, { classPower: 0, repeatPower: 0 }), [1, 1, 1, 1, 1]);
});
