import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createArcCounter } from './arc-counter.ts';

test('arcing half-cycles are counted in the window before the newest, and the erratic among them', () => {
  const counter = createArcCounter(100);
  for (let number = 1; number <= 200; number++) counter.tell(number, number % 10 === 0, number % 20 === 0);
  assert.equal(counter.countOf(100), 10);
  assert.equal(counter.erraticOf(100), 5);
  // 190 and 200.
  assert.equal(counter.countOf(15), 2);
  assert.equal(counter.erraticOf(15), 1);
  assert.deepEqual([counter.arced(0), counter.arced(1), counter.arced(10)], [true, false, true]);
});

test('what turned out to be a load is taken back, older half-cycles stay', () => {
  const counter = createArcCounter(100);
  for (let number = 1; number <= 20; number++) counter.tell(number, true, true);
  counter.takeBack(9);
  assert.equal(counter.countOf(100), 11);
  assert.equal(counter.erraticOf(100), 11);
  counter.clear();
  assert.equal(counter.countOf(100), 0);
});
