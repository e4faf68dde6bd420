import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPushTarget } from './push-target.ts';

const keys = { p256dh: Buffer.alloc(65, 4).toString('base64url'), auth: Buffer.alloc(16, 1).toString('base64url') };
const services = ['fcm.example', '*.notify.example'];
const at = (endpoint: string) => readPushTarget({ endpoint, keys, expirationTime: null }, services);

test('a browser is taken at the push services that are named, and nowhere else', () => {
  assert.deepEqual(at('https://fcm.example/send/a'), { endpoint: 'https://fcm.example/send/a', keys });
  assert.ok(at('https://eu.notify.example/w/1'));
  for (const endpoint of [
    'https://intranet.example/hook',
    'https://fcm.example.evil.example/send',
    'https://notify.example/',
    'https://evilnotify.example/',
    'http://fcm.example/send/a',
    'http://127.0.0.1/send',
    'https://fcm.example@intranet.example/',
    `https://fcm.example/${'a'.repeat(1_000)}`,
    'no address',
  ])
    assert.equal(at(endpoint), undefined, endpoint);
  for (const odd of [
    undefined,
    null,
    7,
    {},
    { endpoint: 'https://fcm.example/a' },
    { endpoint: 'https://fcm.example/a', keys: { ...keys, auth: 'x' } },
  ])
    assert.equal(readPushTarget(odd, services), undefined);
});
