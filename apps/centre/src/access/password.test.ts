import assert from 'node:assert/strict';
import { scryptSync } from 'node:crypto';
import { test } from 'node:test';
import { hashPassword, passwordProblem, verifyPassword } from './password.ts';

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

test('the policy: 12 to 256 characters, 5 different ones, neither the name nor the first guesses', () => {
  const problems: readonly (readonly [password: string, expected: RegExp | undefined])[] = [
    [GOOD, undefined],
    ['a1b2c3d4e5f6', undefined],
    ['a1b2c3d4e5f', /has 11 characters, at least 12/],
    ['🔥🌊🌲🪨🌙', /has 5 characters/],
    ['烽火台望远山河万里长城', /has 11 characters/],
    [`${'ab1c2'.repeat(51)}d`, undefined],
    ['ab1c2'.repeat(52), /has 260 characters, at most 256/],
    ['aaaabbbbccccdddd', /at least 5 different/],
    ['ABCDabcdabcd', /at least 5 different/],
    ['my name is operator1!', /contains the user name/],
    ['Fengsui is great', /contains "fengsui"/],
    ['ＦＥＮＧＳＵＩ is great', /contains "fengsui"/],
    ['平安消防二〇二五年度工作', /contains "消防"/],
    ['xX-12345678-Xx', /contains "12345678"/],
    ['PassWord for me', /contains "password"/],
  ];
  for (const [password, expected] of problems) {
    const problem = passwordProblem(password, 'operator1');
    if (expected === undefined) assert.equal(problem, undefined, password);
    else assert.match(problem ?? 'accepted', expected, password);
  }
  assert.equal(passwordProblem('a quiet li river', 'li'), undefined, 'a name of two letters is in every password');
});
