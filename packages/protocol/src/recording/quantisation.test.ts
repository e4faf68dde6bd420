import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeOf, quantisationOf } from './quantisation.ts';

test('the ends of the range get the outermost codes', () => {
  const quantisation = quantisationOf(Float64Array.of(-1, NaN, 3), 1000);
  assert.deepEqual(quantisation, { scale: 0.002, offset: 1 });
  assert.deepEqual(
    [-1, 1, 3].map((value) => codeOf(value, quantisation, 1000)),
    [-1000, 0, 1000],
  );
});

test('ranges without width or values are exact, the widest range does not overflow', () => {
  assert.deepEqual(quantisationOf(Float64Array.of(7, 7), 10), { scale: 1, offset: 7 });
  assert.deepEqual(quantisationOf(Float64Array.of(NaN), 10), { scale: 1, offset: 0 });
  assert.deepEqual(quantisationOf(new Float64Array(0), 10), { scale: 1, offset: 0 });
  const widest = quantisationOf(Float64Array.of(-Number.MAX_VALUE, Number.MAX_VALUE), 32_767);
  assert.ok(Number.isFinite(widest.scale) && widest.offset === 0);
  assert.throws(() => quantisationOf(Float64Array.of(1, -Infinity), 10), /-Infinity at frame 1/);
});
