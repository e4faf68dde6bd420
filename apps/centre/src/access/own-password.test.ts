import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountsFixture, DAY_MS, HOUR_MS, logIn, NEXT, PASSWORD, refusalOf, T0 } from './accounts.fixture.ts';

const { open } = accountsFixture();

test('who changes his password goes on where he did it, and is logged out everywhere else', async () => {
  const { accounts } = await open();
  await accounts.create('operator1', PASSWORD, 'operator', undefined);
  const [here, there] = [await logIn(accounts, 'operator1', PASSWORD), await logIn(accounts, 'operator1', PASSWORD)];
  assert.ok(here && there);
  const change = async (password: string, next: string) =>
    refusalOf(await accounts.credentials.changePassword(here.token, password, next));
  assert.equal(await change('not the password', NEXT), 'wrongPassword');
  assert.equal(await change(PASSWORD, 'short'), 'invalidPassword');
  assert.equal(await change(PASSWORD, PASSWORD), 'invalidPassword', 'the present one');
  assert.ok(accounts.callerOfLogin(there.token));
  assert.equal(await change(PASSWORD, NEXT), 'done');
  for (const { accounts: opened } of [{ accounts }, await open({ keep: true })]) {
    assert.equal(opened.callerOfLogin(there.token), undefined);
    assert.equal(opened.callerOfLogin(here.token)?.permissions.has('alarm.read'), true);
    assert.equal(await logIn(opened, 'operator1', PASSWORD), undefined);
    assert.ok(await logIn(opened, 'operator1', NEXT));
  }
  const founder = await accounts.claimFounderLink((await accounts.createFounderLink()) ?? '');
  assert.equal(
    refusalOf(await accounts.credentials.changePassword(founder?.token ?? '', PASSWORD, NEXT)),
    'noPassword',
  );
});

test('a password that was given opens nothing but its own change, for 72 hours, and ends what was open', async () => {
  const { accounts, clock } = await open();
  await accounts.create('operator1', PASSWORD, 'operator', undefined);
  const before = await logIn(accounts, 'operator1', PASSWORD);
  assert.equal(refusalOf(await accounts.credentials.givePassword('nobody')), 'notFound');
  const given = await accounts.credentials.givePassword('operator1');
  assert.ok('password' in given);
  assert.equal(accounts.callerOfLogin(before?.token ?? ''), undefined);
  assert.equal(await logIn(accounts, 'operator1', PASSWORD), undefined);
  for (const { accounts: opened } of [{ accounts }, await open({ keep: true })]) {
    const login = await logIn(opened, 'operator1', given.password);
    assert.deepEqual([login?.caller.owes, login?.caller.permissions.size], ['newPassword', 0]);
  }
  const login = await logIn(accounts, 'operator1', given.password);
  clock.at += 72 * HOUR_MS;
  assert.equal(await logIn(accounts, 'operator1', given.password), undefined, 'too old');
  clock.at = T0;
  assert.equal(refusalOf(await accounts.credentials.changePassword(login?.token ?? '', given.password, NEXT)), 'done');
  const caller = accounts.callerOfLogin(login?.token ?? '');
  assert.deepEqual([caller?.owes, caller?.permissions.has('alarm.read')], [undefined, true]);
  assert.equal(accounts.list()[0]?.mustChangePassword, false);
});

test('mlps3: a password of 90 days opens only its change, and the last five are not taken again', async () => {
  const { accounts, clock } = await open({ passwordProfile: 'mlps3' });
  const passwords = ['Gorm-7ut', 'Brel-8ox', 'Trof-9im', 'Klep-5ud', 'Snaf-6yb', 'Wruk-4ez'];
  await accounts.create('operator1', passwords[0] ?? '', 'operator', undefined);
  clock.at = T0 + 90 * DAY_MS - 1;
  assert.equal((await logIn(accounts, 'operator1', passwords[0] ?? ''))?.caller.owes, undefined);
  clock.at++;
  const login = await logIn(accounts, 'operator1', passwords[0] ?? '');
  assert.equal(login?.caller.owes, 'newPassword');
  const change = async (from: string | undefined, to: string | undefined) =>
    refusalOf(await accounts.credentials.changePassword(login.token, from ?? '', to ?? ''));
  for (const [n, password] of passwords.slice(0, 5).entries()) {
    for (const former of passwords.slice(0, n + 1)) assert.equal(await change(password, former), 'invalidPassword');
    assert.equal(await change(password, passwords[n + 1]), 'done');
  }
  assert.equal(await change(passwords[5], passwords[1]), 'invalidPassword', 'the fifth from the end');
  assert.equal(await change(passwords[5], passwords[0]), 'done', 'the sixth');
});
