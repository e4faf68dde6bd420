import { PARTITION_COUNT } from '../journal/entry.ts';

/** Groups of partitions, each applied by one process at a time. Fixed for ever: numbers of work orders tell the shard. */
export const SHARD_COUNT = 16;

const PARTITIONS_PER_SHARD = PARTITION_COUNT / SHARD_COUNT;

/** 0…15 for a partition of 0…255. */
export const shardOf = (partition: number): number => Math.floor(partition / PARTITIONS_PER_SHARD);

/** The partitions of these shards, ascending, each once; none for no shard. */
export const partitionsOf = (shards: Iterable<number>): readonly number[] =>
  [...new Set(shards)]
    .sort((one, other) => one - other)
    .flatMap((shard) => Array.from({ length: PARTITIONS_PER_SHARD }, (_, i) => shard * PARTITIONS_PER_SHARD + i));
