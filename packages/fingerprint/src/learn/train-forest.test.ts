import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from './random.ts';
import { trainForest, type ForestSettings } from './train-forest.ts';
import { trainingSetOf, type TrainingSet } from './training-set.ts';
import { predictEnsemble } from './tree-ensemble.ts';

const oneTree: ForestSettings = { kind: 'forest', treeCount: 1, columnsPerSplit: 1, bootstrap: 'none', seed: 1 };

test('a tree cuts half way between the two classes', () => {
  const set = trainingSetOf([[0], [1], [10], [11]], [0, 0, 1, 1], 2);
  const { model } = trainForest(set, oneTree);
  assert.deepEqual([...model.column], [0, -1, -1]);
  assert.equal(model.threshold[0], 5.5);
  assert.deepEqual(predictions(set, oneTree, [[5.5], [5.6]]), [
    [1, 0],
    [0, 1],
  ]);
});

test('a leaf that cannot be cut holds the weighted shares of its classes', () => {
  const set = trainingSetOf([[3], [3], [3]], [0, 1, 1], 2, { weights: [6, 1, 1] });
  assert.deepEqual(predictions(set, oneTree, [[3]]), [[0.75, 0.25]]);
});

test('rows of weight 0 shape nothing', () => {
  const set = trainingSetOf([[0], [1], [2]], [0, 0, 1], 2, { weights: [1, 1, 0] });
  assert.deepEqual(predictions(set, oneTree, [[2]]), [[1, 0]]);
});

test('a missing value goes the greater way', () => {
  const set = trainingSetOf([[0], [1], [NaN], [NaN]], [0, 0, 1, 1], 2);
  assert.deepEqual(predictions(set, oneTree, [[1], [NaN]]), [
    [1, 0],
    [0, 1],
  ]);
});

for (const kind of ['forest', 'extraTrees'] as const) {
  test(`${kind}: the classes of a checkerboard, which no single column tells, are found`, () => {
    const settings: ForestSettings = { kind, treeCount: 60, seed: 4 };
    const board = checkerboard(400, 7);
    const fresh = checkerboard(200, 8);
    const rows = Array.from({ length: 200 }, (_, i) => fresh.features.subarray(2 * i, 2 * i + 2));
    const hits = predictions(board, settings, rows).filter(([zero = 0], i) => zero > 0.5 === (fresh.labels[i] === 0));
    assert.ok(hits.length >= 185, `${hits.length} of 200`);
  });

  test(`${kind}: the same seed gives the same model, another seed another one`, () => {
    const board = checkerboard(100, 3);
    const first = trainForest(board, { kind, treeCount: 5, seed: 9 }).model;
    assert.deepEqual(trainForest(board, { kind, treeCount: 5, seed: 9 }).model, first);
    assert.notDeepEqual(trainForest(board, { kind, treeCount: 5, seed: 10 }).model, first);
  });
}

test('out of bag by groups: a row is judged only by trees that saw nothing of its group', () => {
  // Each group repeats its own label under a value no other group has: only a leak could tell the label.
  const rows = Array.from({ length: 40 }, (_, i) => [Math.floor(i / 4)]);
  const labels = rows.map(([group = 0]) => group % 2);
  const set = trainingSetOf(rows, labels, 2, { groups: rows.map(([group = 0]) => group) });
  const { outOfBag } = trainForest(set, {
    kind: 'forest',
    treeCount: 200,
    bootstrap: 'groups',
    seed: 2,
    outOfBag: true,
  });
  assert.ok(outOfBag);
  const own = labels.map((label, i) => outOfBag[2 * i + label] ?? NaN);
  assert.ok(Math.max(...own) < 0.5, `neighbours of the other class must win, got ${Math.max(...own)}`);
});

test('settings that cannot work are refused with what was expected', () => {
  const set = trainingSetOf([[0], [1]], [0, 1], 2);
  assert.throws(() => trainForest(set, { ...oneTree, bootstrap: 'groups' }), /the set has none/);
  assert.throws(() => trainForest(set, { ...oneTree, treeCount: 0 }), /treeCount: 0, expected at least 1/);
  assert.throws(() => trainingSetOf([[0], [1, 2]], [0, 1], 2), /row 1 has 2 columns, expected 1/);
  assert.throws(() => trainingSetOf([[0]], [2], 2), /label 2 of row 0, expected an integer 0 … 1/);
  assert.throws(() => trainingSetOf([[0]], [0], 2, { weights: [-1] }), /weight -1 of row 0/);
});

function checkerboard(rowCount: number, seed: number): TrainingSet {
  const random = createRandom(seed);
  const rows = Array.from({ length: rowCount }, () => [random() * 2, random() * 2]);
  return trainingSetOf(
    rows,
    rows.map(([x = 0, y = 0]) => (Math.floor(x) + Math.floor(y)) % 2),
    2,
  );
}

function predictions(set: TrainingSet, settings: ForestSettings, rows: readonly ArrayLike<number>[]): number[][] {
  const { model } = trainForest(set, settings);
  const out = new Float64Array(set.classCount);
  return rows.map((row) => {
    predictEnsemble(model, row, out);
    return [...out];
  });
}
