import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { openCommandKey } from './command-key.ts';

const unsigned = { id: 'n1', deviceId: 'D1', name: 'read', args: { b: 1, a: 'é' }, issuedAt: 1, expiresAt: 2 };

test('the key is made once, for its owner alone, and signs the canonical form', async (context) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'fengsui-key-'));
  context.after(() => rm(folder, { recursive: true }));
  const keys = path.join(folder, 'keys');
  const first = await openCommandKey(keys);
  assert.equal((await stat(keys)).mode & 0o777, 0o700);
  assert.equal((await stat(path.join(keys, 'command.pem'))).mode & 0o777, 0o600);
  assert.deepEqual((await openCommandKey(keys)).publicKey, first.publicKey);
  const { signature, ...signed } = first.sign(unsigned);
  const { keyId, publicKey } = first.publicKey;
  assert.equal(signed.keyId, keyId);
  const text = `{"args":{"a":"é","b":1},"deviceId":"D1","expiresAt":2,"id":"n1","issuedAt":1,"keyId":"${keyId}","name":"read"}`;
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' });
  assert.ok(verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64url')));
});

test('a file that holds something else is refused, naming it: no new key in its place', async (context) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'fengsui-key-'));
  context.after(() => rm(folder, { recursive: true }));
  await writeFile(path.join(folder, 'command.pem'), 'no key');
  await assert.rejects(openCommandKey(folder), /command\.pem: expected an Ed25519 private key/);
});
