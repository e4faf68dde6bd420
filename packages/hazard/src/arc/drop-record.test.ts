import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDropRecord } from './drop-record.ts';

test('deviation and mean delay are those of the drops since the run began', () => {
  const drops = createDropRecord();
  for (const dropV of [1, 2, 3]) drops.add(dropV, 40);
  drops.begin();
  assert.equal(drops.deviationV(), Infinity);
  // 2 4 4 4 5 5 7 9: mean 5, sum of squares 32, so 32/7.
  for (const dropV of [2, 4, 4, 4, 5, 5, 7, 9]) drops.add(dropV, dropV);
  assert.ok(Math.abs(drops.deviationV() - Math.sqrt(32 / 7)) < 1e-12);
  assert.equal(drops.meanDelayPoints(), 5);
});

test('two drops say nothing of how far they move', () => {
  const drops = createDropRecord();
  drops.add(10, 3);
  drops.add(20, 3);
  assert.equal(drops.deviationV(), Infinity);
});
