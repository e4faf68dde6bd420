import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HeardMessages } from './heard-messages.ts';

const bytes = (count: number): Uint8Array => new Uint8Array(count);

test('a message that was heard is taken once', () => {
  const heard = new HeardMessages(100);
  const body = bytes(10);
  heard.hear('a', body);
  assert.equal(heard.take('a'), body);
  assert.equal(heard.take('a'), undefined);
  assert.equal(heard.take('b'), undefined);
});

test('the oldest make room, and one that is larger than all the room is not kept', () => {
  const heard = new HeardMessages(100);
  for (const id of ['a', 'b', 'c']) heard.hear(id, bytes(40));
  assert.equal(heard.take('a'), undefined);
  assert.ok(heard.take('b') !== undefined);
  heard.hear('c', bytes(50));
  heard.hear('d', bytes(50));
  assert.equal(heard.take('c')?.byteLength, 50, 'heard again, it counts once');
  heard.hear('large', bytes(101));
  for (const id of ['d', 'large']) assert.equal(heard.take(id), undefined);
  heard.hear('e', bytes(100));
  assert.equal(heard.take('e')?.byteLength, 100);
});
