import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDriftWatch } from './drift-watch.ts';

/** A watch that was told these distances of a run. */
function told(distances: readonly number[]): ReturnType<typeof createDriftWatch> {
  const drift = createDriftWatch();
  drift.begin(distances[0] ?? 0);
  for (const distance of distances.slice(1)) drift.follow(distance);
  return drift;
}

test('a distance that doubles step by step grows, and after more steps the run came by drifting', () => {
  const turned = Array.from({ length: 12 }, (_, n) => 0.05 * 1.2 ** n);
  assert.equal(told(turned.slice(0, 6)).isGrowing(), true);
  assert.equal(told(turned.slice(0, 6)).hasCome(), false);
  assert.equal(told(turned).hasCome(), true);
});

test('an inrush that dies away shrinks', () => {
  assert.equal(told([0.3, 0.9, 0.7, 0.5, 0.35]).isShrinking(), true);
});

test('a load that starts softly comes back by drifting, an inrush does not last long enough', () => {
  const soft = Array.from({ length: 12 }, (_, n) => 1 - 0.065 * n);
  assert.equal(told(soft).hasCome(), true);
  assert.equal(told([0.3, 0.9, 0.7, 0.5, 0.35, 0.34, 0.34]).hasCome(), false);
});

test('a run that goes on where the half-cycles like the state were leaving it came by drifting', () => {
  const leave = (distances: readonly number[], first: number): boolean => {
    const drift = createDriftWatch();
    for (const distance of distances) drift.rest(distance, 0.02);
    drift.begin(first);
    return drift.hasCome();
  };
  const steady = [0.018, 0.022, 0.016, 0.024, 0.02, 0.019];
  const leaving = [...steady, 0.026, 0.031, 0.037, 0.044, 0.05, 0.057];
  assert.equal(leave(leaving, 0.066), true);
  assert.equal(leave(leaving, 0.2), false, 'a step away from it is none');
  assert.equal(leave(steady, 0.028), false);
});

test('an arc whose distances happen to rise or fall four times in a row does not drift', () => {
  // Measured at 63 A: 0.058 is the half-cycle in which the contacts part.
  const rising = told([0.058, 0.152, 0.15, 0.158, 0.163, 0.179, 0.185]);
  assert.deepEqual([rising.isGrowing(), rising.isShrinking(), rising.hasCome()], [false, false, false]);
  assert.equal(told([0.1, 0.162, 0.15, 0.139, 0.127]).isShrinking(), false);
});
