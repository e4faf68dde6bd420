import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { openCommandKey } from '../response/command-key.ts';
import { openSealKey, seal, unseal } from './seal.ts';

test('what is sealed opens with the same key for the same owner, and not when one bit was changed', () => {
  const [key, other] = [randomBytes(32), randomBytes(32)];
  const secret = Buffer.from('twenty bytes of them');
  const sealed = seal(key, 'li', secret);
  assert.ok(!Buffer.from(sealed, 'base64url').includes(secret));
  assert.deepEqual(unseal(key, 'li', sealed), secret);
  const opened = [
    unseal(other, 'li', sealed),
    unseal(key, 'wu', sealed),
    unseal(key, 'li', ''),
    unseal(key, 'li', 'x'),
  ];
  assert.deepEqual(opened, [undefined, undefined, undefined, undefined]);
  for (const at of [0, 12, 28]) {
    const bytes = Buffer.from(sealed, 'base64url');
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    assert.equal(unseal(key, 'li', bytes.toString('base64url')), undefined, `byte ${at}`);
  }
});

test('the key is that of the folder: the same after a restart, another one elsewhere', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'fengsui-seal-'));
  try {
    const [one, two] = [path.join(folder, 'one'), path.join(folder, 'two')];
    for (const keys of [one, two]) await openCommandKey(keys);
    const key = await openSealKey(one);
    assert.deepEqual(await openSealKey(one), key);
    assert.notDeepEqual(await openSealKey(two), key);
    await assert.rejects(openSealKey(folder), /command\.pem/);
  } finally {
    await rm(folder, { recursive: true });
  }
});
