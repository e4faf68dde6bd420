import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSettlingWatch } from './settling-watch.ts';

function settles(surprises: readonly number[]): boolean[] {
  const watch = createSettlingWatch();
  return surprises.map((surprise) => {
    watch.follow(surprise);
    return watch.isSettling();
  });
}

test('a transient that dies away settles from the second fall on', () => {
  assert.deepEqual(settles([0.08, 0.04, 0.02, 0.01, 0.005]), [false, false, true, true, true]);
});

test('a new jump ends the settling', () => {
  assert.deepEqual(settles([0.08, 0.04, 0.02, 0.06, 0.05, 0.03]), [false, false, true, false, false, false]);
});

test('what is drawn anew in every half-cycle settles about once in ten', () => {
  // Uniform in 0 … 1 by the fractional parts of multiples of the square root of 2: no two alike, no order.
  const drawn = Array.from({ length: 10_000 }, (_, n) => ((n * n * Math.SQRT2) % 1) + 0.01);
  const share = settles(drawn).filter(Boolean).length / drawn.length;
  assert.ok(share > 0.05 && share < 0.15, `${share}`);
});
