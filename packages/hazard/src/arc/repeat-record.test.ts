import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyFeatures } from './half-cycle-features.ts';
import { createRepeatRecord } from './repeat-record.ts';

function repeats(losses: readonly number[], delay: (index: number) => number = () => 3): boolean {
  const record = createRepeatRecord();
  for (const [index, loss] of losses.entries()) {
    record.add({ ...emptyFeatures(), levelRatio: 1 - loss, distance: 1.01 * loss, startDelayPoints: delay(index) });
  }
  return record.repeats();
}

/** A relay that opens twice: half-cycles in which it moves, and in between always the same ones. */
const clicks = [0.257, 0.343, 0.343, 0.202, 0.247, 0.343, 0.343, 0.243];
/** An arc's, drawn anew: mean 0.19, standard deviation 8 %. */
const drawn = [0.182, 0.207, 0.171, 0.196, 0.188, 0.163, 0.214, 0.178, 0.201, 0.192];

test('a load that comes and goes takes the same away every time, an arc does not', () => {
  assert.equal(repeats(clicks), true);
  assert.equal(repeats(drawn), false);
});

test('the same change is read a point sooner or later', () => {
  assert.equal(
    repeats(clicks, (index) => 5 + (index % 2)),
    true,
  );
});

test('the same loss is not the same change when the current comes back at another point', () => {
  assert.equal(
    repeats(clicks, (index) => 2 + 2 * (index % 4)),
    false,
  );
});

test('only the newest half-cycles count, and none after a new beginning', () => {
  assert.equal(repeats([...clicks, ...drawn, ...drawn.map((loss) => 1.03 * loss)]), false);
  const record = createRepeatRecord();
  for (let count = 0; count < 8; count++) record.add({ ...emptyFeatures(), levelRatio: 0.8, distance: 0.2 });
  assert.equal(record.repeats(), true);
  record.begin();
  assert.equal(record.repeats(), false);
});
