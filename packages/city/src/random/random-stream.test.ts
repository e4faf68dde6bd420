import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashName, RandomStream } from './random-stream.ts';

test('the same seed and name give the same numbers, another name or seed others', () => {
  const draw = (seed: number, name: string): number[] => {
    const stream = new RandomStream(seed, name);
    return Array.from({ length: 20 }, () => stream.nextUint32());
  };
  assert.deepEqual(draw(7, 'c1/kettle'), draw(7, 'c1/kettle'));
  assert.notDeepEqual(draw(7, 'c1/kettle'), draw(7, 'c2/kettle'));
  assert.notDeepEqual(draw(7, 'c1/kettle'), draw(8, 'c1/kettle'));
});

test('bytes of the stream are uniform by a chi-square test', () => {
  const counts = new Float64Array(256);
  const stream = new RandomStream(1, 'chi');
  const draws = 256_000;
  for (let i = 0; i < draws; i++) {
    const byte = stream.nextUint32() >>> 24;
    counts[byte] = (counts[byte] ?? 0) + 1;
  }
  const chiSquare = counts.reduce((sum, count) => sum + (count - draws / 256) ** 2 / (draws / 256), 0);
  // 255 degrees of freedom: the 0.1 % and 99.9 % points are 188 and 330.
  assert.ok(chiSquare > 188 && chiSquare < 330, `chi-square is ${chiSquare}`);
});

test('normal and exponential draws have the moments of their distributions', () => {
  const stream = new RandomStream(3, 'moments');
  const count = 40_000;
  const normals = Array.from({ length: count }, () => stream.normal());
  const mean = normals.reduce((a, b) => a + b, 0) / count;
  const variance = normals.reduce((a, b) => a + (b - mean) ** 2, 0) / count;
  assert.ok(Math.abs(mean) < 4 / Math.sqrt(count), `mean is ${mean}`);
  assert.ok(Math.abs(variance - 1) < 0.03, `variance is ${variance}`);
  const gaps = Array.from({ length: count }, () => stream.exponential(5));
  assert.ok(Math.abs(gaps.reduce((a, b) => a + b, 0) / count - 5) < 0.1);
});

test('picking from an empty list is refused', () => {
  assert.throws(() => new RandomStream(1, 'x').pick([]), /empty/);
});

test('the hash is FNV-1a: its published value for "foobar"', () => {
  // Basis 0 keeps the offset basis; test vector of the FNV reference page: fnv1a32("foobar") = 0xbf9cf968.
  assert.equal(hashName('foobar', 0), 0xbf9cf968);
});
