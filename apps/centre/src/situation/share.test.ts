import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PARTITION_COUNT } from '../journal/entry.ts';
import { partitionsOf, SHARD_COUNT, shardOf } from './share.ts';

test('a shard is 16 partitions that follow each other', () => {
  assert.deepEqual([0, 15, 16, 239, 240, 255].map(shardOf), [0, 0, 1, 14, 15, 15]);
  assert.deepEqual(partitionsOf([2, 0, 2]), [
    ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    ...[32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47],
  ]);
  assert.deepEqual(partitionsOf([]), []);
});

test('the shards have every partition once', () => {
  const shards = Array.from({ length: SHARD_COUNT }, (_, shard) => shard);
  assert.deepEqual(
    partitionsOf(shards),
    Array.from({ length: PARTITION_COUNT }, (_, partition) => partition),
  );
  for (const shard of shards) assert.ok(partitionsOf([shard]).every((partition) => shardOf(partition) === shard));
});
