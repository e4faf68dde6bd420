import assert from 'node:assert/strict';
import { scryptSync } from 'node:crypto';
import { test } from 'node:test';
import { hashPassword, verifyPassword } from './password.ts';

const GOOD = '春江潮水连海平2025 moon';

test('a hash carries its parameters and its own salt, and is scrypt as node:crypto computes it', async () => {
  const [first, second] = [await hashPassword(GOOD), await hashPassword(GOOD)];
  assert.notEqual(first, second);
  const [name, N, r, p, salt = '', key] = first.split('$');
  assert.deepEqual([name, N, r, p], ['scrypt', '32768', '8', '3']);
  const expected = scryptSync(GOOD.normalize('NFKC'), Buffer.from(salt, 'base64url'), 32, {
    N: 32_768,
    r: 8,
    p: 3,
    maxmem: 2 ** 26,
  });
  assert.equal(key, expected.toString('base64url'));
});

test('the password itself is accepted in any Unicode form, any other is not', async () => {
  const stored = await hashPassword('Ångström №5 ﬁre watch');
  assert.equal(await verifyPassword('Ångström №5 fire watch'.normalize('NFD'), stored), true);
  assert.equal(await verifyPassword('Ångström №5 fire watcH', stored), false);
  assert.equal(await verifyPassword('', stored), false);
});

test('hashes with other parameters are still read', async () => {
  const salt = Buffer.from('0123456789abcdef');
  const key = scryptSync('an older password', salt, 32, { N: 1024, r: 8, p: 1 });
  const stored = ['scrypt', 1024, 8, 1, salt.toString('base64url'), key.toString('base64url')].join('$');
  assert.equal(await verifyPassword('an older password', stored), true);
});

test('an unknown user costs the same work and is never let in', async () => {
  assert.equal(await verifyPassword('nobody has this password', undefined), false);
  const timed = async (stored: string | undefined): Promise<number> => {
    const before = process.cpuUsage();
    for (let i = 0; i < 3; i++) await verifyPassword(GOOD, stored);
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
  const stored = await hashPassword(GOOD);
  const ratio = (await timed(undefined)) / (await timed(stored));
  // CPU time, not the clock: a busy machine must not fail this. Without the decoy the ratio is below 0.01.
  assert.ok(ratio > 0.3 && ratio < 3, `${ratio}`);
});
