import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountsFixture, DAY_MS, HOUR_MS, logIn, PASSWORD, T0 } from './accounts.fixture.ts';
import type { Accounts } from './accounts.ts';

const { open } = accountsFixture();

test('a log-in ends after 12 hours, a wall’s after a year, and a restart does not end it', async () => {
  const { accounts, clock } = await open();
  await accounts.create('operator1', PASSWORD, 'operator', undefined);
  await accounts.create('wall', PASSWORD, 'display', undefined);
  const [person, wall] = [await logIn(accounts, 'operator1', PASSWORD), await logIn(accounts, 'wall', PASSWORD)];
  assert.ok(person && wall);
  assert.equal(accounts.callerOfLogin(person.token)?.csrfToken, person.caller.csrfToken);
  assert.notEqual(person.caller.csrfToken, wall.caller.csrfToken);
  const restarted = await open({ keep: true });
  for (const opened of [accounts, restarted.accounts])
    assert.equal(opened.callerOfLogin(person.token)?.username, 'operator1');
  clock.at = T0 + 12 * HOUR_MS - 1;
  assert.equal(accounts.callerOfLogin(person.token)?.username, 'operator1');
  clock.at = T0 + 12 * HOUR_MS;
  assert.equal(accounts.callerOfLogin(person.token), undefined);
  clock.at = T0 + 365 * 24 * HOUR_MS - 1;
  assert.equal(accounts.callerOfLogin(wall.token)?.role, 'display');
  clock.at++;
  assert.equal(accounts.callerOfLogin(wall.token), undefined);
});

test('a log-out ends this log-in and no other, also after a restart', async () => {
  const { accounts } = await open();
  await accounts.create('operator1', PASSWORD, 'operator', undefined);
  const [one, two] = [await logIn(accounts, 'operator1', PASSWORD), await logIn(accounts, 'operator1', PASSWORD)];
  assert.ok(one && two);
  await accounts.logIns.endOwn(one.token);
  for (const { accounts: opened } of [{ accounts }, await open({ keep: true })]) {
    assert.equal(opened.callerOfLogin(one.token), undefined);
    assert.equal(opened.callerOfLogin(two.token)?.username, 'operator1');
  }
  assert.equal(accounts.callerOfLogin('guess'), undefined);
});

test('an account has five log-ins; one more ends the one not used for longest, a wall’s screens stay lit', async () => {
  const { accounts, clock } = await open();
  await accounts.create('li', PASSWORD, 'operator', undefined);
  await accounts.create('wall', PASSWORD, 'display', undefined);
  const tokens: string[] = [];
  for (let n = 0; n < 6; n++) {
    clock.at += 1_000;
    tokens.push((await logIn(accounts, 'li', PASSWORD))?.token ?? '');
    await logIn(accounts, 'wall', PASSWORD);
  }
  const alive = (opened: Accounts) => tokens.map((token) => opened.callerOfLogin(token) !== undefined);
  for (const opened of [accounts, (await open({ keep: true })).accounts])
    assert.deepEqual(alive(opened), [false, true, true, true, true, true]);
  assert.equal(accounts.logIns.list('wall', undefined).length, 6);
});

test('a user sees his log-ins and ends one; somebody else’s are not his to end', async () => {
  const { accounts } = await open();
  await accounts.create('li', PASSWORD, 'operator', undefined);
  await accounts.create('wu', PASSWORD, 'operator', undefined);
  const place = { address: '10.0.0.7', agent: 'Browser/1.0 '.repeat(100) };
  const own = await logIn(accounts, 'li', PASSWORD, place);
  await logIn(accounts, 'wu', PASSWORD);
  const { accounts: restarted } = await open({ keep: true });
  const [login] = restarted.logIns.list('li', own?.token);
  assert.ok(login);
  const { id, agent, ...rest } = login;
  const createdAt = new Date(T0).toISOString();
  const expiresAt = new Date(T0 + 12 * HOUR_MS).toISOString();
  const expected = { username: 'li', role: 'operator', createdAt, usedAt: createdAt, expiresAt, own: true };
  assert.deepEqual(rest, { ...expected, address: '10.0.0.7' });
  assert.equal(agent?.length, 200);
  assert.equal(restarted.callerOfLogin(id), undefined, 'its name opens nothing');
  assert.equal(await restarted.logIns.end(id, 'wu'), undefined);
  assert.equal(restarted.logIns.list(undefined, undefined).length, 2);
  assert.equal(await restarted.logIns.end(id, 'li'), 'li');
  assert.equal(restarted.callerOfLogin(own?.token ?? ''), undefined);
});

test('the log-in that goes for one too many is the one in which nobody has acted for longest', async () => {
  const { accounts, clock } = await open();
  await accounts.create('li', PASSWORD, 'operator', undefined);
  const tokens: string[] = [];
  for (let n = 0; n < 5; n++) tokens.push((await logIn(accounts, 'li', PASSWORD))?.token ?? '');
  clock.at += 60_000;
  for (const token of tokens.filter((_token, n) => n !== 2)) accounts.logIns.used(token);
  await logIn(accounts, 'li', PASSWORD);
  assert.deepEqual(
    tokens.map((token) => accounts.callerOfLogin(token) !== undefined),
    [true, true, false, true, true],
  );
});

test('the founder’s link works once, for 24 hours, and a new one ends the one before', async () => {
  const { accounts, clock } = await open();
  const first = (await accounts.createFounderLink()) ?? '';
  const second = (await accounts.createFounderLink()) ?? '';
  assert.equal(await accounts.claimFounderLink(first), undefined, 'replaced');
  assert.equal(await accounts.claimFounderLink('guess'), undefined);
  const both = await Promise.all([accounts.claimFounderLink(second), accounts.claimFounderLink(second)]);
  assert.equal(both.filter((login) => login !== undefined).length, 1, 'of two who click at once, one');
  const founder = both.find((login) => login !== undefined);
  assert.deepEqual([...(founder?.caller.permissions ?? [])].sort(), ['registry.read', 'user.manage']);
  const third = (await accounts.createFounderLink()) ?? '';
  clock.at = T0 + 24 * HOUR_MS;
  assert.equal(await accounts.claimFounderLink(third), undefined, 'too old');
  assert.equal(accounts.list().length, 0, 'the founder is no account');
});

test('when the three administrators exist the founder is logged out and no link works any more', async () => {
  const { accounts } = await open();
  const founder = await accounts.claimFounderLink((await accounts.createFounderLink()) ?? '');
  const unused = (await accounts.createFounderLink()) ?? '';
  assert.ok(founder);
  await accounts.create('system', PASSWORD, 'systemAdmin', undefined);
  await accounts.create('security', PASSWORD, 'securityAdmin', undefined);
  assert.equal(accounts.callerOfLogin(founder.token)?.role, 'founder');
  await accounts.create('audit', PASSWORD, 'auditor', undefined);
  for (const { accounts: opened } of [{ accounts }, await open({ keep: true })]) {
    assert.equal(opened.callerOfLogin(founder.token), undefined);
    assert.equal(await opened.claimFounderLink(unused), undefined);
    assert.equal(await opened.createFounderLink(), undefined);
  }
});

test('a wall’s link logs in one screen, to look at what was named, and is too old after a day', async () => {
  const { accounts, clock } = await open();
  const { token, expiresAt } = await accounts.displayLinks.create('hall', ['V1']);
  assert.equal(expiresAt, T0 + DAY_MS);
  const both = await Promise.all([accounts.claimDisplayLink(token), accounts.claimDisplayLink(token)]);
  const screens = both.filter((login) => login !== undefined);
  assert.equal(screens.length, 1, 'of two that open it at once, one');
  const caller = screens[0]?.caller;
  assert.deepEqual([caller?.username, caller?.role, caller?.scope], ['wall:hall', 'display', { venues: ['V1'] }]);
  assert.equal(accounts.logIns.list('wall:hall', undefined).length, 1);
  const old = await accounts.displayLinks.create('hall', undefined);
  clock.at += DAY_MS;
  assert.equal(await accounts.claimDisplayLink(old.token), undefined);
  assert.equal(await accounts.claimDisplayLink('guess'), undefined);
});
