import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSecret, hashSecret, verifySecret } from './device-secret.ts';

test('a secret is 256 random bits, printable and never the same', () => {
  const secrets = Array.from({ length: 200 }, createSecret);
  for (const secret of secrets) {
    assert.match(secret, /^[A-Za-z0-9_-]{43}$/);
    assert.equal(Buffer.from(secret, 'base64url').length, 32);
  }
  assert.equal(new Set(secrets).size, 200);
});

test('what is stored is the SHA-256 of the secret', () => {
  // FIPS 180-2 appendix B.1.
  assert.equal(hashSecret('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

test('only the secret itself is accepted, and nothing by a device that has none', () => {
  const secret = createSecret();
  assert.equal(verifySecret(secret, hashSecret(secret)), true);
  for (const wrong of ['', secret.slice(1), `${secret} `, secret.toUpperCase(), hashSecret(secret)])
    assert.equal(verifySecret(wrong, hashSecret(secret)), false);
  for (const given of ['', secret, 'no device has this secret']) assert.equal(verifySecret(given, undefined), false);
});
