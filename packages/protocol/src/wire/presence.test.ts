import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodePresence, encodePresence } from './presence.ts';
import { encodeUtf8 } from './utf8.ts';

test('presence tells online, firmware and model', () => {
  const decoded = decodePresence(encodeUtf8('{"online":true,"firmware":"1.4.2","model":"generic-terminal"}'));
  assert.deepEqual(decoded, { kind: 'presence', online: true, firmware: '1.4.2', model: 'generic-terminal' });
});

test('a bad firmware or model is left out, a bad online discards', () => {
  const decoded = decodePresence(encodeUtf8('{"online":false,"firmware":7,"model":"a\\u0000"}'));
  assert.deepEqual(decoded, { kind: 'presence', online: false });
  for (const payload of ['', '{}', '{"online":"yes"}', '{"online":null}', 'online']) {
    assert.equal(decodePresence(encodeUtf8(payload)).kind, 'discarded', payload);
  }
});

test('an encoded presence is decoded to itself', () => {
  const presence = { online: true, firmware: '2.0', model: 'm' };
  assert.deepEqual(decodePresence(encodePresence(presence)), { kind: 'presence', ...presence });
  assert.deepEqual(decodePresence(encodePresence({ online: false })), { kind: 'presence', online: false });
});
