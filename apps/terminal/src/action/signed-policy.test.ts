import assert from 'node:assert/strict';
import { generateKeyPairSync, verify } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { actPolicy } from '../../test/act-policy.ts';
import { isSignedBy, loadPolicies, signPolicy } from './signed-policy.ts';

const owner = generateKeyPairSync('ed25519');
const stranger = generateKeyPairSync('ed25519');

test('the signature covers the canonical form: keys sorted, no blanks (RFC 8785)', () => {
  const signed = signPolicy(actPolicy(), owner.privateKey);
  const sorted = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(sorted);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, inner]) => [key, sorted(inner)]),
    );
  };
  const bytes = Buffer.from(JSON.stringify(sorted(actPolicy())));
  assert.ok(verify(null, bytes, owner.publicKey, Buffer.from(signed.signature, 'base64url')));
});

test('a changed policy, another key and another spelling of the signature are not signed', () => {
  const signed = signPolicy(actPolicy(), owner.privateKey);
  assert.ok(isSignedBy(signed, owner.publicKey));
  assert.ok(!isSignedBy(signed, stranger.publicKey));
  assert.ok(!isSignedBy({ ...signed, policy: { ...signed.policy, endsAt: '2029-01-01T00:00:00Z' } }, owner.publicKey));
  assert.ok(!isSignedBy({ ...signed, signature: `${signed.signature}=` }, owner.publicKey));
  assert.ok(!isSignedBy({ ...signed, signature: '' }, owner.publicKey));
});

test('a policy without its conditions is not even signed', () => {
  assert.throws(() => signPolicy({ ...actPolicy(), endsAt: 'soon' }, owner.privateKey), /endsAt is "soon"/);
});

test('a file is read whole; a wrong signature is kept and marked, a wrong form is refused by name', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'fengsui-policy-'));
  try {
    const [file, key] = [path.join(folder, 'p.json'), path.join(folder, 'owner.pub')];
    await writeFile(key, owner.publicKey.export({ type: 'spki', format: 'pem' }));
    const mine = signPolicy(actPolicy(), owner.privateKey);
    const foreign = signPolicy({ ...actPolicy(), circuit: 'c2' }, stranger.privateKey);
    await writeFile(file, JSON.stringify([mine, foreign]));
    const read = await loadPolicies(file, key);
    assert.deepEqual(
      read.map(({ policy, isSignatureValid }) => [policy.circuit, isSignatureValid]),
      [
        ['c1', true],
        ['c2', false],
      ],
    );
    await writeFile(file, JSON.stringify({ policy: { ...actPolicy(), mode: 'trip' }, signature: 'x' }));
    await assert.rejects(loadPolicies(file, key), /p\.json: .*mode is "trip"/);
    await writeFile(
      key,
      generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' }),
    );
    await assert.rejects(loadPolicies(file, key), /owner\.pub: a key of type rsa, Ed25519 expected/);
  } finally {
    await rm(folder, { recursive: true });
  }
});
