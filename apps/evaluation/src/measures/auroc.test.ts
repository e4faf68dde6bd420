import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { auroc } from './auroc.ts';

test('the area is the share of pairs in which the positive scores higher, ties half', () => {
  const scores = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 25 });
  fc.assert(
    fc.property(scores, scores, (positives, negatives) => {
      const pairs = positives.flatMap((p) => negatives.map((n) => (p > n ? 1 : p === n ? 0.5 : 0)));
      const expected = pairs.reduce<number>((a, b) => a + b, 0) / pairs.length;
      assert.ok(Math.abs(auroc(positives, negatives) - expected) < 1e-12);
    }),
  );
});

test('without positives, or with an unknown score, the area is unknown', () => {
  assert.ok(Number.isNaN(auroc([], [1])));
  assert.ok(Number.isNaN(auroc([NaN], [1])));
});
