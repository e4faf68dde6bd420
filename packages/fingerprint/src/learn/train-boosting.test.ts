import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from './random.ts';
import { trainBoosting } from './train-boosting.ts';
import { trainingSetOf } from './training-set.ts';
import { predictEnsemble } from './tree-ensemble.ts';

test('the first step is the Newton step: minus the sum of slopes over the sum of curvatures plus l2', () => {
  const set = trainingSetOf([[0], [0], [1], [1]], [0, 0, 1, 1], 2);
  const settings = { roundCount: 1, learningRate: 1, maxDepth: 1, minLeafWeight: 0.1, l2: 1, seed: 1 };
  const model = trainBoosting(set, settings);
  // Before the first tree p = 1/2: each row of class 0 has slope -1/2 for its own class and curvature 1/4; two rows.
  const step = 1 / (0.5 + 1);
  assert.deepEqual([...model.leaves], [step, -step, -step, step].map(Math.fround));
  const out = new Float64Array(2);
  predictEnsemble(model, [0], out);
  assert.ok(Math.abs((out[0] ?? NaN) - 1 / (1 + Math.exp(-2 * step))) < 1e-7);
});

test('without rounds the prediction is the share of each class', () => {
  const set = trainingSetOf([[0], [0], [0], [0]], [0, 1, 1, 1], 2);
  const out = new Float64Array(2);
  predictEnsemble(trainBoosting(set, { roundCount: 0, learningRate: 0.1, maxDepth: 2, seed: 1 }), [0], out);
  // Half a row more for either class: (1 + 0.5) / 5.
  assert.ok(Math.abs((out[0] ?? NaN) - 0.3) < 1e-12);
});

test('three rings, which no line parts, are told apart on rows not seen', () => {
  const train = rings(600, 5);
  const fresh = rings(300, 6);
  const set = trainingSetOf(train.rows, train.labels, 3);
  const settings = { roundCount: 40, learningRate: 0.3, maxDepth: 3, rowShare: 0.8, columnShare: 1, seed: 1 };
  const model = trainBoosting(set, settings);
  const out = new Float64Array(3);
  const hits = fresh.rows.filter((row, i) => {
    predictEnsemble(model, row, out);
    return out.indexOf(Math.max(...out)) === fresh.labels[i];
  });
  assert.ok(hits.length >= 276, `${hits.length} of 300`);
  assert.deepEqual(trainBoosting(set, settings), model);
});

function rings(count: number, seed: number): { rows: number[][]; labels: number[] } {
  const random = createRandom(seed);
  const labels = Array.from({ length: count }, () => Math.floor(random() * 3));
  const rows = labels.map((label) => {
    const angle = random() * 2 * Math.PI;
    const radius = label + 0.05 + 0.9 * random();
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
  return { rows, labels };
}
