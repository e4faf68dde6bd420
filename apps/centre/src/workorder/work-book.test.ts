import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shardOf } from '../situation/share.ts';
import { WorkBook } from './work-book.ts';

test('numbers are dense where one process gives them all, after the highest that is given', () => {
  const book = new WorkBook();
  assert.deepEqual([book.nextNumber(0), book.nextNumber(255), book.nextNumber(17)], [1, 2, 3]);
  book.numbered(100);
  book.numbered(40);
  assert.equal(book.nextNumber(3), 101);
});

test('processes that do not hear of each other’s orders never give a number twice', () => {
  const given = new Set<number>();
  // Three processes whose shards are 0…4, 5…9 and 10…15; each knows what was there when it began.
  const books = [0, 1, 2].map(() => {
    const book = new WorkBook();
    book.isShared = true;
    book.numbered(1_003);
    return book;
  });
  const last = [0, 0, 0];
  for (let i = 0; i < 3_000; i++) {
    const partition = (i * 37) % 256;
    const who = Math.min(2, Math.floor(shardOf(partition) / 5));
    const number = (books[who] as WorkBook).nextNumber(partition);
    assert.ok(number > 1_003 && number > (last[who] as number), 'above what is known');
    assert.equal(number % 16, shardOf(partition));
    assert.ok(!given.has(number), `${number} twice`);
    given.add(number);
    last[who] = number;
  }
});

test('the next number of a shard is the nearest there is, and is given when a shard comes from another process', () => {
  const book = new WorkBook();
  book.isShared = true;
  book.numbered(31);
  assert.deepEqual([book.nextNumber(0), book.nextNumber(0), book.nextNumber(16)], [32, 48, 49]);
  const successor = new WorkBook();
  successor.isShared = true;
  // What the store has is known to who takes the shard.
  successor.numbered(49);
  assert.equal(successor.nextNumber(16), 65);
});
