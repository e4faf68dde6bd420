import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Role } from '@fengsui/protocol';
import { accountsFixture, HOUR_MS, logIn, MINUTE_MS, PASSWORD, refusalOf, T0 } from './accounts.fixture.ts';
import type { Accounts } from './accounts.ts';
import { codeOfStep } from './totp.ts';

const { open, store } = accountsFixture();

const STEP_MS = 30_000;
const place = undefined;

/** As an app computes it from what was shown. */
const codeAt = (secret: string, at: number): string => {
  const bits = [...secret].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  );
  const bytes = (bits.join('').match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2));
  return codeOfStep(Buffer.from(bytes), Math.floor(at / STEP_MS));
};

async function enrol(accounts: Accounts, username: string, at: number) {
  const { secret } = accounts.factors.offer(username);
  const recoveryCodes = await accounts.factors.confirm(username, codeAt(secret, at));
  assert.ok(recoveryCodes);
  return { secret, recoveryCodes };
}

test('with a second factor the password alone opens nothing, and nothing tells which of both was wrong', async () => {
  const { accounts, clock } = await open();
  await accounts.create('li', PASSWORD, 'operator', undefined);
  const { secret } = await enrol(accounts, 'li', T0);
  clock.at = T0 + 2 * STEP_MS;
  const code = codeAt(secret, clock.at);
  for (const { accounts: opened, clock: now } of [{ accounts, clock }, await open({ keep: true })]) {
    now.at = clock.at;
    assert.equal(await opened.credentials.logIn('li', PASSWORD), 'codeNeeded');
    assert.equal(await opened.credentials.logIn('li', 'wrong'), undefined);
    assert.equal(await opened.credentials.logIn('li', 'wrong', place, code), undefined);
    assert.equal(await opened.credentials.logIn('li', PASSWORD, place, '000000'), undefined);
    assert.equal(await opened.credentials.logIn('li', PASSWORD, place, ''), undefined);
  }
  assert.equal((await logIn(accounts, 'li', PASSWORD, place, code))?.caller.username, 'li');
});

test('a code is used once, also at the same moment and after a restart, and those before it are over', async () => {
  const { accounts, clock } = await open();
  await accounts.create('li', PASSWORD, 'operator', undefined);
  const { secret } = await enrol(accounts, 'li', T0);
  assert.equal(await accounts.factors.passes('li', codeAt(secret, T0)), false, 'the one that confirmed it');
  clock.at = T0 + 3 * STEP_MS;
  const code = codeAt(secret, clock.at);
  const both = await Promise.all([accounts.factors.passes('li', code), accounts.factors.passes('li', code)]);
  assert.deepEqual(both.sort(), [false, true]);
  const { accounts: restarted, clock: later } = await open({ keep: true });
  later.at = clock.at;
  assert.equal(await restarted.factors.passes('li', code), false);
  assert.equal(
    await restarted.factors.passes('li', codeAt(secret, clock.at - STEP_MS)),
    false,
    'older than a used one',
  );
  assert.equal(await restarted.factors.passes('li', codeAt(secret, clock.at + STEP_MS)), true);
});

test('ten recovery codes open once each, however they are typed', async () => {
  const { accounts } = await open();
  await accounts.create('li', PASSWORD, 'operator', undefined);
  const { recoveryCodes } = await enrol(accounts, 'li', T0);
  assert.equal(new Set(recoveryCodes).size, 10);
  const [first = '', second = ''] = recoveryCodes;
  assert.match(first, /^\w{4}-\w{4}-\w{4}$/);
  assert.ok(await logIn(accounts, 'li', PASSWORD, place, first.replaceAll('-', ' ')));
  for (const { accounts: opened } of [{ accounts }, await open({ keep: true })]) {
    assert.equal(await opened.factors.passes('li', first), false);
    assert.equal(opened.factors.recoveryCodesLeft('li'), 9);
  }
  assert.equal(await accounts.factors.passes('li', second), true);
});

test('what is offered is in force once one of its codes is given, within a quarter of an hour', async () => {
  const { accounts, clock } = await open();
  await accounts.create('li', PASSWORD, 'operator', undefined);
  assert.equal(await accounts.factors.confirm('li', '123456'), undefined, 'nothing was offered');
  const { secret } = accounts.factors.offer('li');
  assert.equal(await accounts.factors.confirm('li', codeAt(secret, T0 + 10 * STEP_MS)), undefined);
  assert.ok(await logIn(accounts, 'li', PASSWORD), 'not yet');
  clock.at = T0 + 15 * MINUTE_MS;
  assert.equal(await accounts.factors.confirm('li', codeAt(secret, clock.at)), undefined, 'too late');
  const now = await enrol(accounts, 'li', clock.at);
  accounts.factors.offer('li');
  clock.at += STEP_MS;
  assert.equal(await accounts.factors.passes('li', codeAt(now.secret, clock.at)), true, 'until the next is confirmed');
});

test('who must have a second factor may do nothing before he has one: the three administrators, or everybody', async () => {
  const owed = async (secondFactor: 'offered' | 'administrators' | 'everybody', role: Role) => {
    const { accounts } = await open({ secondFactor });
    await accounts.create('li', PASSWORD, role, undefined);
    return (await logIn(accounts, 'li', PASSWORD))?.caller.owes;
  };
  const roles = ['systemAdmin', 'securityAdmin', 'auditor', 'operator', 'display'] as const;
  const rows = { offered: 0, administrators: 3, everybody: 4 } as const;
  for (const [rule, count] of Object.entries(rows)) {
    const found: unknown[] = [];
    for (const role of roles) found.push(await owed(rule as keyof typeof rows, role));
    assert.deepEqual(
      found,
      roles.map((_role, n) => (n < count ? 'secondFactor' : undefined)),
      rule,
    );
  }
  const { accounts } = await open({ secondFactor: 'everybody' });
  await accounts.create('li', PASSWORD, 'operator', undefined, { isGiven: true });
  const login = await logIn(accounts, 'li', PASSWORD);
  const steps = () => accounts.callerOfLogin(login?.token ?? '')?.owes;
  assert.equal(steps(), 'newPassword');
  await accounts.credentials.changePassword(login?.token ?? '', PASSWORD, 'another calm beacon 8');
  assert.equal(steps(), 'secondFactor');
  const { secret } = accounts.factors.offer('li');
  assert.equal((await accounts.credentials.confirmFactor(login?.token ?? '', codeAt(secret, T0)))?.length, 10);
  assert.equal(accounts.callerOfLogin(login?.token ?? '')?.permissions.has('alarm.read'), true);
});

test('one that was lost is taken away; what was open ends, and the password opens again', async () => {
  const { accounts } = await open();
  await accounts.create('li', PASSWORD, 'operator', undefined);
  const login = await logIn(accounts, 'li', PASSWORD);
  assert.equal(refusalOf(await accounts.credentials.removeFactor('li')), 'notFound');
  await enrol(accounts, 'li', T0);
  assert.equal(accounts.list()[0]?.hasSecondFactor, true);
  assert.equal(refusalOf(await accounts.credentials.removeFactor('li')), 'done');
  assert.equal(accounts.callerOfLogin(login?.token ?? ''), undefined);
  for (const { accounts: opened } of [{ accounts }, await open({ keep: true })])
    assert.ok(await logIn(opened, 'li', PASSWORD));
});

test('neither secrets nor recovery codes are stored, and a row of somebody else opens nothing', async () => {
  const { accounts, clock } = await open();
  for (const name of ['li', 'wu']) await accounts.create(name, PASSWORD, 'operator', undefined);
  const { secret, recoveryCodes } = await enrol(accounts, 'li', T0);
  const rows = JSON.stringify(await store().query('select * from account'));
  for (const one of [secret, ...recoveryCodes, ...recoveryCodes.map((code) => code.replaceAll('-', ''))])
    assert.ok(one.length >= 12 && !rows.includes(one));
  await store().commit([
    {
      kind: 'sql',
      sql: `update account set second_secret = (select second_secret from account where username = 'li') where username = 'wu'`,
    },
  ]);
  const { accounts: restarted } = await open({ keep: true });
  clock.at = T0 + 2 * STEP_MS;
  assert.equal(await restarted.factors.passes('wu', codeAt(secret, T0)), false);
});

test('a log-in is fresh for five minutes after it was opened or confirmed with all that it takes', async () => {
  const { accounts, clock } = await open();
  await accounts.create('li', PASSWORD, 'operator', undefined);
  const { token } = (await logIn(accounts, 'li', PASSWORD)) ?? { token: '' };
  const { secret } = await enrol(accounts, 'li', T0);
  assert.equal(accounts.logIns.isFresh(token), true);
  clock.at = T0 + 5 * MINUTE_MS;
  assert.equal(accounts.logIns.isFresh(token), false);
  assert.equal(await accounts.credentials.confirmLogIn(token, PASSWORD), false, 'without its code');
  assert.equal(await accounts.credentials.confirmLogIn(token, 'wrong', codeAt(secret, clock.at)), false);
  assert.equal(accounts.logIns.isFresh(token), false);
  assert.equal(await accounts.credentials.confirmLogIn(token, PASSWORD, codeAt(secret, clock.at)), true);
  const { accounts: restarted, clock: later } = await open({ keep: true });
  later.at = clock.at;
  assert.deepEqual([accounts.logIns.isFresh(token), restarted.logIns.isFresh(token)], [true, true]);
  assert.equal(accounts.logIns.isFresh('guess'), false);
});

test('a log-in in which nobody acts is locked after a quarter of an hour, until its holder is back', async () => {
  const { accounts, clock } = await open();
  await accounts.create('li', PASSWORD, 'operator', undefined);
  await accounts.create('wall', PASSWORD, 'display', undefined);
  const tokens = [
    (await logIn(accounts, 'li', PASSWORD))?.token ?? '',
    (await logIn(accounts, 'wall', PASSWORD))?.token ?? '',
  ];
  const founder = await accounts.claimFounderLink((await accounts.createFounderLink()) ?? '');
  tokens.push(founder?.token ?? '');
  const left = () => tokens.map((token) => accounts.logIns.msUntilLocked(token));
  assert.deepEqual(left(), [15 * MINUTE_MS, undefined, undefined]);
  const [li = ''] = tokens;
  clock.at = T0 + 10 * MINUTE_MS + 30_000;
  accounts.logIns.used(li);
  clock.at = T0 + 20 * MINUTE_MS;
  assert.equal(left()[0], 5 * MINUTE_MS + 30_000);
  clock.at = T0 + 26 * MINUTE_MS;
  assert.deepEqual(left(), [0, undefined, undefined]);
  assert.ok(accounts.callerOfLogin(li), 'it is still a log-in');
  assert.equal(await accounts.credentials.unlock(li, { password: 'wrong' }), false);
  assert.equal(left()[0], 0);
  assert.equal(await accounts.credentials.unlock(li, { password: PASSWORD }), true);
  assert.equal(left()[0], 15 * MINUTE_MS);
  clock.at += HOUR_MS;
  assert.equal(await accounts.credentials.confirmLogIn(li, PASSWORD), true);
  assert.equal(left()[0], 15 * MINUTE_MS);
});

test('who leaves his seat locks it, and a restart does not unlock it; 0 minutes is never by itself', async () => {
  const { accounts, clock } = await open({ idleLockMinutes: 0 });
  await accounts.create('li', PASSWORD, 'operator', undefined);
  const { token } = (await logIn(accounts, 'li', PASSWORD)) ?? { token: '' };
  const { secret } = await enrol(accounts, 'li', T0);
  clock.at = T0 + 11 * HOUR_MS;
  assert.equal(accounts.logIns.msUntilLocked(token), undefined);
  await accounts.logIns.lock(token);
  accounts.logIns.used(token);
  const { accounts: restarted } = await open({ keep: true, idleLockMinutes: 0 });
  assert.deepEqual([accounts.logIns.msUntilLocked(token), restarted.logIns.msUntilLocked(token)], [0, 0]);
  assert.equal(await accounts.credentials.unlock(token, { code: codeAt(secret, clock.at) }), true);
  assert.equal(accounts.logIns.msUntilLocked(token), undefined);
});
