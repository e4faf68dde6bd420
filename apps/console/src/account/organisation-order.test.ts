import assert from 'node:assert/strict';
import test from 'node:test';
import { idsBelow, inTreeOrder } from './organisation-order.ts';

const organisation = (id: string, parentId?: string) => ({
  id,
  name: id,
  venueCount: 0,
  ...(parentId !== undefined && { parentId }),
});
const all = [organisation('b', 'a'), organisation('a'), organisation('c', 'b'), organisation('d', 'gone')];

test('each organisation comes after the one above it; one whose parent is not there stands by itself', () => {
  assert.deepEqual(
    inTreeOrder(all).map(({ organisation: { id }, depth }) => `${id}${depth}`),
    ['a0', 'b1', 'c2', 'd0'],
  );
  assert.deepEqual(idsBelow(all, 'a'), ['a', 'b', 'c']);
});
