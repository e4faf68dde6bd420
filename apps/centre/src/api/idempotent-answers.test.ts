import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FastifyRequest } from 'fastify';
import { IdempotentAnswers } from './idempotent-answers.ts';

const HOUR_MS = 3_600_000;

const requestWith = (key: string, body: unknown = {}): FastifyRequest =>
  ({ headers: { 'idempotency-key': key, authorization: 'Bearer one' }, body }) as unknown as FastifyRequest;

function answering() {
  const time = { ms: 0 };
  const answers = new IdempotentAnswers<number>(() => time.ms);
  let made = 0;
  return { time, ask: (key: string, body?: unknown) => answers.once(requestWith(key, body), async () => ++made) };
}

test('a key has one answer for an hour, and none is kept longer', async () => {
  const { time, ask } = answering();
  assert.deepEqual([await ask('a'), await ask('b'), await ask('a')], [1, 2, 1]);
  time.ms = HOUR_MS - 1;
  assert.equal(await ask('a'), 1);
  await assert.rejects(() => ask('a', { other: true }), { code: 'idempotencyKeyReused' });
  time.ms = HOUR_MS;
  assert.deepEqual([await ask('a'), await ask('b')], [3, 4]);
});

test('of more than a thousand the oldest is forgotten', async () => {
  const { ask } = answering();
  for (let n = 0; n < 1_000; n++) await ask(`key ${n}`);
  assert.equal(await ask('key 1'), 2);
  assert.equal(await ask('one more'), 1_001);
  assert.equal(await ask('key 999'), 1_000);
  assert.equal(await ask('key 0'), 1_002);
});
