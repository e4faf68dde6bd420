import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accuracy, confusionOf, labelScores, macroF1 } from './classification.ts';

const truth = ['a', 'a', 'a', 'b', 'b', 'c'];
const predicted = ['a', 'a', 'b', 'b', 'd', 'a'];

test('accuracy counts hits', () => {
  assert.equal(accuracy(truth, predicted), 0.5);
  assert.ok(Number.isNaN(accuracy([], [])));
});

test('macro-F1 is the plain mean over labels of truth and predictions', () => {
  // a: 2·2/(3+3) = 2/3; b: 2·1/(2+2) = 1/2; c: 0; d, never true: 0.
  assert.ok(Math.abs(macroF1(truth, predicted) - (2 / 3 + 1 / 2) / 4) < 1e-15);
});

test('per label: precision and recall, undefined ones are NaN', () => {
  const [a, , c, d] = labelScores(truth, predicted);
  assert.deepEqual(a, { label: 'a', count: 3, precision: 2 / 3, recall: 2 / 3, f1: 2 / 3 });
  assert.ok(Number.isNaN(c?.precision) && c?.recall === 0);
  assert.ok(Number.isNaN(d?.recall) && d?.precision === 0);
});

test('the confusion table counts pairs', () => {
  assert.deepEqual(confusionOf(truth, predicted), { a: { a: 2, b: 1 }, b: { b: 1, d: 1 }, c: { a: 1 } });
});
