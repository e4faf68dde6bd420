import assert from 'node:assert/strict';
import { test } from 'node:test';
import { neighbourDistance, trainNeighbours } from './neighbour-novelty.ts';
import { trainingSetOf } from './training-set.ts';

// Two classes on a line, one device per whole number; each device was recorded three times.
const places = [0, 1, 2, 3, 20, 21, 22, 23];
const rows = places.flatMap((place) => [[place], [place + 0.01], [place - 0.01]]);
const labels = places.flatMap((place) => Array<number>(3).fill(place < 10 ? 0 : 1));
const groups = places.flatMap((place) => Array<number>(3).fill(place));
const model = trainNeighbours(trainingSetOf(rows, labels, 2, { groups }), { k: 1 });

test('the typical distance inside a class is that between devices, not between repeats of one', () => {
  const unit = 1 / (model.scale.spread[0] ?? NaN);
  model.classDistance.forEach((distance) => assert.ok(Math.abs(distance - unit) < 0.05 * unit));
});

test('a row among the devices of a class is near, a row between the classes far', () => {
  const near = neighbourDistance(model, [1.5]);
  const far = neighbourDistance(model, [9]);
  assert.equal(near.nearestClass, 0);
  assert.ok(near.ratio < 1, String(near.ratio));
  assert.equal(far.nearestClass, 0);
  assert.ok(Math.abs(far.ratio - 6) < 0.4, String(far.ratio));
});

test('k counts groups: the second device is one step further', () => {
  const second = trainNeighbours(trainingSetOf(rows, labels, 2, { groups }), { k: 2 });
  const unit = 1 / (second.scale.spread[0] ?? NaN);
  assert.ok(Math.abs(neighbourDistance(second, [0]).distance - 0.99 * unit) < 1e-9);
});
