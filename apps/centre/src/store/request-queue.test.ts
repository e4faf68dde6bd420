import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RequestQueue } from './request-queue.ts';

function drained(queue: RequestQueue<{ kind: string; id: number }>): number[] {
  const ids: number[] = [];
  for (let next = queue.next(); next !== undefined; next = queue.next()) ids.push(next.id);
  return ids;
}

test('commits go ahead of queries, each in its own order', () => {
  const queue = new RequestQueue<{ kind: string; id: number }>();
  for (const [id, kind] of ['query', 'commit', 'query', 'close', 'commit'].entries()) queue.push({ kind, id });
  assert.deepStrictEqual(drained(queue), [1, 4, 0, 2, 3]);
});

test('a query that waits gets its turn after so many commits', () => {
  const queue = new RequestQueue<{ kind: string; id: number }>(3);
  for (let id = 0; id < 8; id++) queue.push({ kind: 'commit', id });
  queue.push({ kind: 'query', id: 100 });
  queue.push({ kind: 'query', id: 101 });
  assert.deepStrictEqual(drained(queue), [0, 1, 2, 100, 3, 4, 5, 101, 6, 7]);
});

test('commits before the first waiting query do not count against the commits after it', () => {
  const queue = new RequestQueue<{ kind: string; id: number }>(2);
  for (let id = 0; id < 5; id++) queue.push({ kind: 'commit', id });
  assert.deepStrictEqual([queue.next()?.id, queue.next()?.id, queue.next()?.id], [0, 1, 2]);
  queue.push({ kind: 'query', id: 100 });
  assert.deepStrictEqual(drained(queue), [3, 4, 100]);
});
