import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isOneNetSigned, oneNetSignature, readOneNetPush } from './one-net.ts';
import { rawMember } from './raw-member.ts';

const TOKEN = 'tok123';
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

test('the signature is that of: printf %s token nonce msg | openssl dgst -md5 -binary | base64', () => {
  const message = '{"type":1,"dev_id":2016617,"ds_id":"3303_0_5700","at":1466133706841,"value":42}';
  assert.equal(oneNetSignature(TOKEN, 'abcdefgh', message), 'BlshFcfMf7PsvqrVnnLrCQ==');
  assert.equal(oneNetSignature(TOKEN, 'N1', 'hello'), 'j29hvHYfCZ6oV+uBpB3fCg==');
  for (const given of ['j29hvHYfCZ6oV+uBpB3fCg==', 'j29hvHYfCZ6oV%2BuBpB3fCg%3D%3D', 'j29hvHYfCZ6oV uBpB3fCg=='])
    assert.ok(isOneNetSigned(TOKEN, 'N1', 'hello', given), given);
  for (const given of ['', 'j29hvHYfCZ6oV+uBpB3fCg=', 'BlshFcfMf7PsvqrVnnLrCQ==', '%', 'x'.repeat(24)])
    assert.ok(!isOneNetSigned(TOKEN, 'N1', 'hello', given), given);
});

test('an object is signed as it was written, spaces and all', () => {
  const push = readOneNetPush(
    encode('{ "msg" : {"type":1, "dev_id":2016617} , "msg_signature":"96tdvpi4Tzy7CoGpdOPkkw==","nonce":"abcdefgh"}'),
  );
  assert.deepEqual(push?.messages, ['{"type":1, "dev_id":2016617}', '{"type":1,"dev_id":2016617}']);
  assert.ok(isOneNetSigned(TOKEN, 'abcdefgh', push.messages[0] ?? '', push.signature));
  const text = readOneNetPush(
    encode('{"msg":"hello","signature":"j29hvHYfCZ6oV+uBpB3fCg==","nonce":"N1","id":"7","time":1}'),
  );
  assert.deepEqual(text, { nonce: 'N1', signature: 'j29hvHYfCZ6oV+uBpB3fCg==', messages: ['hello'] });
  for (const bad of [
    '',
    '[]',
    'null',
    '{"msg":{}}',
    '{"msg":1,"nonce":"a","signature":"b"}',
    '{"msg":{},"msg":{},"nonce":"a","signature":"b"}',
  ])
    assert.equal(readOneNetPush(encode(bad)), undefined, bad);
});

test('a member is found as it was written, in any valid JSON', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.jsonValue(),
      fc.constantFrom(0, 1, 3),
      (others, value, spaces) => {
        const { msg: _msg, ...rest } = others;
        const text = JSON.stringify({ ...rest, msg: value, z: [1] }, undefined, spaces);
        const raw = rawMember(text, 'msg');
        assert.ok(raw !== undefined && text.includes(raw));
        assert.deepEqual(JSON.parse(raw), JSON.parse(JSON.stringify(value)));
        assert.equal(rawMember(text, 'no such member'), undefined);
      },
    ),
    { numRuns: 300 },
  );
});
