import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shardOf } from './share.ts';
import { ShardNumbers } from './shard-numbers.ts';

test('numbers are dense where one process gives them all, after the highest that is given', () => {
  const numbers = new ShardNumbers();
  assert.deepEqual([numbers.next(0), numbers.next(255), numbers.next(17)], [1, 2, 3]);
  numbers.given(100);
  numbers.given(40);
  assert.equal(numbers.next(3), 101);
});

test('processes that do not hear of each other never give a number twice', () => {
  const given = new Set<number>();
  // Three processes whose shards are 0…4, 5…9 and 10…15; each knows what was there when it began.
  const processes = [0, 1, 2].map(() => {
    const numbers = new ShardNumbers();
    numbers.isShared = true;
    numbers.given(1_003);
    return numbers;
  });
  const last = [0, 0, 0];
  for (let i = 0; i < 3_000; i++) {
    const partition = (i * 37) % 256;
    const who = Math.min(2, Math.floor(shardOf(partition) / 5));
    const number = (processes[who] as ShardNumbers).next(partition);
    assert.ok(number > 1_003 && number > (last[who] as number), 'above what is known');
    assert.equal(number % 16, shardOf(partition));
    assert.ok(!given.has(number), `${number} twice`);
    given.add(number);
    last[who] = number;
  }
});

test('the next number of a shard is the nearest there is, and is given when a shard comes from another process', () => {
  const numbers = new ShardNumbers();
  numbers.isShared = true;
  numbers.given(31);
  assert.deepEqual([numbers.next(0), numbers.next(0), numbers.next(16)], [32, 48, 49]);
  const successor = new ShardNumbers();
  successor.isShared = true;
  // What the store has is known to who takes the shard.
  successor.given(49);
  assert.equal(successor.next(16), 65);
});
