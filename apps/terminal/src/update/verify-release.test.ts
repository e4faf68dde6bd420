import assert from 'node:assert/strict';
import { createHash, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { test } from 'node:test';
import { encodeModel, shippedModel } from '@fengsui/fingerprint';
import { manifestBytes, type ReleaseManifest } from '@fengsui/protocol';
import fc from 'fast-check';
import { pinnedKeys } from '../command/pinned-keys.ts';
import { goldenProblem } from './golden-check.ts';
import { releaseProblem } from './verify-release.ts';

function keyPair() {
  const { privateKey } = generateKeyPairSync('ed25519');
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  const keyId = createHash('sha256').update(Buffer.from(x, 'base64url')).digest('hex').slice(0, 16);
  return { privateKey, keyId, publicKey: x };
}
const own = keyPair();
const stranger = keyPair();
const keys = pinnedKeys([own]);

function signed(change: Partial<ReleaseManifest> = {}, by = own): ReleaseManifest {
  const unsigned = {
    ...({ format: 'fengsui-release', schemaVersion: 1, kind: 'model', name: 'm', version: '2' } as const),
    sha256: 'ab'.repeat(32),
    bytes: 1000,
    requires: {},
    notes: { zh: '说明', en: 'notes' },
    createdAt: 1,
    keyId: by.keyId,
    ...change,
  };
  return { ...unsigned, signature: sign(null, manifestBytes(unsigned), by.privateKey).toString('base64url') };
}

test('a manifest that the pinned key signed is trusted; without a pinned key nothing is', () => {
  assert.equal(releaseProblem(signed(), keys), undefined);
  assert.equal(releaseProblem(signed(), new Map())?.code, 'unknownReleaseKey');
  assert.equal(releaseProblem(signed({}, stranger), keys)?.code, 'unknownReleaseKey');
  assert.equal(releaseProblem(signed({ keyId: own.keyId }, stranger), keys)?.code, 'badReleaseSignature');
});

test('any member changed after signing, a roll-back added, and any bit of the signature make it untrusted', () => {
  const manifest = signed();
  const changes: readonly Partial<ReleaseManifest>[] = [
    { version: '3' },
    { sha256: 'cd'.repeat(32) },
    { bytes: 1001 },
    { rollBack: true },
    { requires: { terminalVersionFrom: '0' } },
    { notes: { zh: '', en: 'notes' } },
    { kind: 'software' },
  ];
  for (const change of changes)
    assert.equal(releaseProblem({ ...manifest, ...change }, keys)?.code, 'badReleaseSignature', JSON.stringify(change));
  const bytes = Buffer.from(manifest.signature, 'base64url');
  fc.assert(
    fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
      const other = Buffer.from(bytes);
      other.writeUInt8(other.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      assert.equal(
        releaseProblem({ ...manifest, signature: other.toString('base64url') }, keys)?.code,
        'badReleaseSignature',
      );
    }),
  );
});

test('the shipped model passes the golden check; one that takes heaters for motors, or knows nothing, does not', () => {
  const model = shippedModel();
  assert.equal(goldenProblem(model, []), undefined);
  assert.ok(encodeModel(model).length > 0);
  const families = (from: string, to: 'motor' | 'resistive') => ({
    ...model,
    types: model.types.map((type) => (type.family === from ? { ...type, family: to } : type)),
  });
  assert.match(goldenProblem(families('resistive', 'motor'), []) ?? '', /^heater 2 kW: taken for motor/);
  assert.match(goldenProblem(families('electronic', 'resistive'), []) ?? '', /^rectifier 90 W: taken for/);
  const taught = { schemaVersion: 99, version: 0, devices: [], base: { version: 0, devices: [] }, history: [] };
  assert.match(goldenProblem(model, [taught]) ?? '', /schema version 99/);
});
