import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeReply, encodeReply } from './reply.ts';
import { encodeUtf8 } from './utf8.ts';

test('a reply carries the id of its command, the outcome and what was read back', () => {
  const reply = { id: 'cmd-1', ok: true, result: { breaker: 'open' }, at: 5 };
  assert.deepEqual(decodeReply(encodeReply(reply)), { kind: 'reply', ...reply });
  assert.deepEqual(decodeReply(encodeUtf8('{"id":"a","ok":false}')), {
    kind: 'reply',
    id: 'a',
    ok: false,
    result: null,
  });
});

test('a reply to nothing, without outcome, or too deep is discarded', () => {
  const deep = `${'['.repeat(40)}${']'.repeat(40)}`;
  for (const payload of [
    '{"ok":true}',
    '{"id":"a b","ok":true}',
    '{"id":"a","ok":1}',
    `{"id":"a","ok":true,"result":${deep}}`,
    '',
  ]) {
    assert.equal(decodeReply(encodeUtf8(payload)).kind, 'discarded', payload);
  }
});
