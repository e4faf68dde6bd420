import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { reconnectDelayMs } from './reconnect-delay.ts';

test('the wait doubles from half a second to five', () => {
  assert.deepEqual(
    [0, 1, 2, 3, 4, 50].map((attempt) => reconnectDelayMs(attempt, 0)),
    [500, 1_000, 2_000, 4_000, 5_000, 5_000],
  );
});

test('the wait stays between 0.5 s and 5 s for any attempt and any chance', () => {
  fc.assert(
    fc.property(fc.nat(), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (attempt, random) => {
      const waitMs = reconnectDelayMs(attempt, random);
      assert.ok(waitMs >= 500 && waitMs <= 5_000, String(waitMs));
    }),
  );
});
