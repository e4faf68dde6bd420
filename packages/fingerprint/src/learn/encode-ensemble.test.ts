import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeEnsemble, encodeEnsemble } from './encode-ensemble.ts';
import { createRandom } from './random.ts';
import { trainBoosting } from './train-boosting.ts';
import { trainForest } from './train-forest.ts';
import { trainingSetOf } from './training-set.ts';
import { predictEnsemble, type TreeEnsemble } from './tree-ensemble.ts';

const random = createRandom(1);
const rows = Array.from({ length: 120 }, () => [random(), random() * 1e-3, random() * 1e4]);
const set = trainingSetOf(
  rows,
  rows.map(([a = 0, b = 0]) => (a > 0.5 ? 1 : 0) + (b > 5e-4 ? 1 : 0)),
  3,
);
const models: readonly TreeEnsemble[] = [
  trainForest(set, { kind: 'forest', treeCount: 7, minLeafRows: 4, seed: 1 }).model,
  trainForest(set, { kind: 'extraTrees', treeCount: 7, seed: 1 }).model,
  trainBoosting(set, { roundCount: 6, learningRate: 0.3, maxDepth: 3, seed: 1 }),
];

for (const model of models) {
  test(`${model.kind} of ${model.column.length} nodes: what is decoded decides as what was encoded`, () => {
    const decoded = decodeEnsemble(encodeEnsemble(model));
    const { kind, classCount, columnCount, roots, column, threshold, next } = model;
    assert.deepEqual(
      [decoded.kind, decoded.classCount, decoded.columnCount, decoded.roots, decoded.column, decoded.threshold],
      [kind, classCount, columnCount, roots, column, threshold],
    );
    assert.deepEqual(decoded.next, next);
    const before = new Float64Array(classCount);
    const after = new Float64Array(classCount);
    for (const row of rows) {
      predictEnsemble(model, row, before);
      predictEnsemble(decoded, row, after);
      before.forEach((p, k) => assert.ok(Math.abs(p - (after[k] ?? NaN)) < 0.01));
      assert.ok(Math.abs(after.reduce((a, b) => a + b, 0) - 1) < 1e-6);
    }
  });

  test(`${model.kind} of ${model.column.length} nodes: damaged bytes are refused or still a closed tree`, () => {
    const bytes = encodeEnsemble(model);
    const out = new Float64Array(model.classCount);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (place, change) => {
        const damaged = bytes.slice();
        damaged[place] = (damaged[place] ?? 0) ^ change;
        let decoded: TreeEnsemble;
        try {
          decoded = decodeEnsemble(damaged);
        } catch (error) {
          return assert.ok(error instanceof RangeError && error.message.startsWith('tree ensemble'), String(error));
        }
        // Every walk must end: a right child lies behind its node.
        decoded.next.forEach((right, node) => assert.ok(decoded.column[node] === -1 || right > node));
        if (decoded.classCount === out.length && decoded.columnCount === 3) predictEnsemble(decoded, [1, 1, 1], out);
      }),
      { numRuns: 300 },
    );
  });
}

test('cut off bytes are refused', () => {
  for (const model of models) {
    const bytes = encodeEnsemble(model);
    for (const length of [0, 10, 30, bytes.length - 1]) {
      assert.throws(() => decodeEnsemble(bytes.subarray(0, length)), /^RangeError: tree ensemble/);
    }
  }
});
