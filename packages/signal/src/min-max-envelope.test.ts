import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { propertySettings } from '../test/property-settings.ts';
import { minMaxEnvelope } from './min-max-envelope.ts';

test('each bucket has its least, largest and last value', () => {
  const envelope = minMaxEnvelope(Float64Array.of(1, 5, -2, 0, 3, 4), 2);
  assert.deepEqual(envelope, {
    edges: Float64Array.of(0, 3, 6),
    min: Float64Array.of(-2, 0),
    max: Float64Array.of(5, 4),
    last: Float64Array.of(-2, 4),
    gap: Uint8Array.of(0, 0),
  });
});

test('a single spike in a million values survives at any width', () => {
  const values = new Float64Array(1_000_000);
  values[654_321] = 9;
  for (const buckets of [10, 777, 1920]) {
    assert.equal(minMaxEnvelope(values, buckets).max.filter((value) => value === 9).length, 1);
  }
});

test('NaN never reaches its neighbours, marks its bucket, and a bucket of NaN alone is NaN', () => {
  const envelope = minMaxEnvelope(Float64Array.of(1, NaN, NaN, NaN, 4, 2), 3);
  assert.deepEqual(envelope.min, Float64Array.of(1, NaN, 2));
  assert.deepEqual(envelope.max, Float64Array.of(1, NaN, 4));
  assert.deepEqual(envelope.last, Float64Array.of(1, NaN, 2));
  assert.deepEqual(envelope.gap, Uint8Array.of(1, 1, 0));
});

test('fewer values than buckets give one bucket per value, and none gives none', () => {
  assert.deepEqual(minMaxEnvelope(Float64Array.of(7, 8), 10).last, Float64Array.of(7, 8));
  assert.equal(minMaxEnvelope(new Float64Array(0), 10).min.length, 0);
});

test('every value of the slice lies in the bounds of exactly one bucket', () => {
  const values = fc.float64Array({ minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 400 }), fc.nat(299), (all, buckets, cut) => {
      const from = Math.min(cut, all.length - 1);
      const { edges, min, max, last, gap } = minMaxEnvelope(all, buckets, from);
      assert.equal(edges[0], from);
      assert.equal(edges.at(-1), all.length);
      for (let bucket = 0; bucket < min.length; bucket++) {
        const held = [...all.subarray(edges[bucket], edges[bucket + 1])];
        assert.ok(held.length > 0);
        const known = held.filter((value) => !Number.isNaN(value));
        assert.equal(gap[bucket], known.length === held.length ? 0 : 1);
        // === so that -0 and 0 agree; assert.equal tells them apart.
        const [least, most] = known.length === 0 ? [NaN, NaN] : [Math.min(...known), Math.max(...known)];
        assert.ok(least === min[bucket] || (Number.isNaN(least) && Number.isNaN(min[bucket] ?? 0)));
        assert.ok(most === max[bucket] || (Number.isNaN(most) && Number.isNaN(max[bucket] ?? 0)));
        assert.ok(Object.is(last[bucket], known.at(-1) ?? NaN));
      }
    }),
    propertySettings(200),
  );
});

test('a bucket count that is no whole number above 0 and a slice outside the values are refused', () => {
  assert.throws(() => minMaxEnvelope(new Float64Array(5), 0), /buckets is 0; expected a whole number >= 1/);
  assert.throws(() => minMaxEnvelope(new Float64Array(5), 2.5), /buckets is 2.5/);
  assert.throws(() => minMaxEnvelope(new Float64Array(5), 2, 0, 6), /slice \[0, 6\)/);
});
