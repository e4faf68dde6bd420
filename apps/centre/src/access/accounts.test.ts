import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Role } from '@fengsui/protocol';
import { migrate } from '../store/migrate.ts';
import { migrations } from '../store/migrations/index.ts';
import { createPgliteStore } from '../store/pglite-store.ts';
import type { Store } from '../store/store.ts';
import { defaultAccess } from './access-settings.ts';
import { Accounts, type Refusal } from './accounts.ts';
import type { PasswordProfileName } from './password-profile.ts';

const T0 = 1_763_700_000_000;
const HOUR_MS = 3_600_000;
const PASSWORD = 'a quiet beacon 7';

let folder: string;
let store: Store;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fengsui-accounts-'));
  store = await createPgliteStore({ folder: path.join(folder, 'store') });
  await migrate(store, migrations);
});
after(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

/** As after a start of the centre at `now`, on an empty or on the present store. */
async function open({
  isDemo = false,
  keep = false,
  profile = 'asvs',
}: { isDemo?: boolean; keep?: boolean; profile?: PasswordProfileName } = {}) {
  if (!keep) {
    const tables = ['account', 'login', 'api_token', 'founder_link'];
    await store.commit(tables.map((table) => ({ kind: 'sql', sql: `delete from ${table}` })));
  }
  const clock = { at: T0, now: () => clock.at };
  const accounts = new Accounts(store, clock, isDemo, { ...defaultAccess, passwordProfile: profile });
  await accounts.load();
  return { accounts, clock };
}

test('an account logs in with its password and nothing else, before and after a restart', async () => {
  const { accounts } = await open();
  const created = await accounts.create('operator1', PASSWORD, 'operator', undefined);
  assert.deepEqual(created, {
    username: 'operator1',
    role: 'operator',
    createdAt: new Date(T0).toISOString(),
    disabled: false,
    mustChangePassword: false,
  });
  for (const { accounts: opened } of [{ accounts }, await open({ keep: true })]) {
    const login = await opened.logIn('operator1', PASSWORD);
    assert.deepEqual([login?.caller.role, login?.caller.scope], ['operator', { venues: 'all' }]);
    assert.equal(await opened.logIn('operator1', `${PASSWORD} `), undefined);
    assert.equal(await opened.logIn('Operator1', PASSWORD), undefined);
    assert.equal(await opened.logIn('nobody', PASSWORD), undefined);
    assert.deepEqual(opened.list(), [created], 'no hash is shown');
  }
});

test('what an account must be: names, roles, venues and passwords that are refused, each with its reason', async () => {
  const { accounts } = await open();
  await accounts.create('taken', PASSWORD, 'operator', undefined);
  const rows: readonly (readonly [Parameters<Accounts['create']>, string, RegExp])[] = [
    [['taken', PASSWORD, 'analyst', undefined], 'accountExists', /taken exists already/],
    [['x', PASSWORD, 'operator', undefined], 'invalidAccount', /2 to 64/],
    [['a b', PASSWORD, 'operator', undefined], 'invalidAccount', /2 to 64/],
    [['nul\0l', PASSWORD, 'operator', undefined], 'invalidAccount', /2 to 64/],
    [['founder', PASSWORD, 'operator', undefined], 'invalidAccount', /one-time link/],
    [['somebody', PASSWORD, 'founder', undefined], 'invalidAccount', /one-time link/],
    [['owner', PASSWORD, 'venueManager', undefined], 'invalidAccount', /needs its venues/],
    [['insurer', PASSWORD, 'insurer', undefined], 'invalidAccount', /needs its venues/],
    [['short', 'short', 'operator', undefined], 'invalidAccount', /5 characters/],
  ];
  for (const [given, code, detail] of rows) {
    const outcome = await accounts.create(...given);
    assert.ok('refused' in outcome, given[0]);
    assert.equal(outcome.refused.code, code);
    assert.match(outcome.refused.detail, detail);
  }
  assert.equal(accounts.list().length, 1);
});

test('a log-in ends after 12 hours, a wall’s after a year, and a restart does not end it', async () => {
  const { accounts, clock } = await open();
  await accounts.create('operator1', PASSWORD, 'operator', undefined);
  await accounts.create('wall', PASSWORD, 'display', undefined);
  const [person, wall] = [await accounts.logIn('operator1', PASSWORD), await accounts.logIn('wall', PASSWORD)];
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
  const [one, two] = [await accounts.logIn('operator1', PASSWORD), await accounts.logIn('operator1', PASSWORD)];
  assert.ok(one && two);
  await accounts.logIns.endOwn(one.token);
  for (const { accounts: opened } of [{ accounts }, await open({ keep: true })]) {
    assert.equal(opened.callerOfLogin(one.token), undefined);
    assert.equal(opened.callerOfLogin(two.token)?.username, 'operator1');
  }
  assert.equal(accounts.callerOfLogin('guess'), undefined);
});

test('a disabled account neither logs in nor goes on', async () => {
  const { accounts } = await open();
  await accounts.create('operator1', PASSWORD, 'operator', undefined);
  const login = await accounts.logIn('operator1', PASSWORD);
  await store.commit([{ kind: 'sql', sql: 'update account set disabled = true' }]);
  const { accounts: restarted } = await open({ keep: true });
  assert.equal(restarted.callerOfLogin(login?.token ?? ''), undefined);
  assert.equal(await restarted.logIn('operator1', PASSWORD), undefined);
});

test('roles that are bound to venues see those named and, with none named, nothing', async () => {
  const { accounts } = await open();
  await accounts.create('owner', PASSWORD, 'venueManager', ['V1', 'V2']);
  await accounts.create('nothing', PASSWORD, 'venueManager', []);
  assert.deepEqual((await accounts.logIn('owner', PASSWORD))?.caller.scope, { venues: ['V1', 'V2'] });
  assert.deepEqual((await accounts.logIn('nothing', PASSWORD))?.caller.scope, { venues: [] });
  const scopeOf = async (role: Role, venueIds: readonly string[] | undefined) =>
    accounts.callerOfToken(await accounts.tokens.create('t', role, venueIds, undefined))?.scope;
  assert.deepEqual(await scopeOf('insurer', undefined), { venues: [] });
  assert.deepEqual(await scopeOf('insurer', ['V2']), { venues: ['V2'] });
  assert.deepEqual(await scopeOf('operator', ['V2']), { venues: ['V2'] });
  assert.deepEqual(await scopeOf('integrator', undefined), { venues: 'all' });
});

test('a token works until it expires or is revoked; neither token nor log-in opens the other’s door', async () => {
  const { accounts, clock } = await open();
  await accounts.create('operator1', PASSWORD, 'operator', undefined);
  const day = await accounts.tokens.create('for a day', 'integrator', undefined, T0 + 24 * HOUR_MS);
  const ever = await accounts.tokens.create('for ever', 'integrator', undefined, undefined);
  assert.match(ever, /^fst_[A-Za-z0-9_-]{43}$/);
  assert.deepEqual(accounts.callerOfToken(ever)?.csrfToken, undefined);
  assert.equal(accounts.callerOfLogin(ever), undefined);
  assert.equal(accounts.callerOfToken((await accounts.logIn('operator1', PASSWORD))?.token ?? ''), undefined);
  const restarted = await open({ keep: true });
  assert.equal(restarted.accounts.callerOfToken(day)?.username, 'for a day');
  clock.at = restarted.clock.at = T0 + 24 * HOUR_MS;
  for (const opened of [accounts, restarted.accounts]) {
    assert.equal(opened.callerOfToken(day), undefined);
    assert.equal(opened.callerOfToken(ever)?.role, 'integrator');
  }
  await store.commit([{ kind: 'sql', sql: 'update api_token set revoked_at = $1', params: [T0] }]);
  assert.equal((await open({ keep: true })).accounts.callerOfToken(ever), undefined);
});

test('nothing that is stored lets anybody in: passwords, tokens and links are kept as hashes', async () => {
  const { accounts } = await open();
  await accounts.create('operator1', PASSWORD, 'operator', undefined);
  const secrets = [
    PASSWORD,
    (await accounts.logIn('operator1', PASSWORD))?.token ?? '',
    await accounts.tokens.create('t', 'operator', undefined, undefined),
    (await accounts.createFounderLink()) ?? '',
  ];
  const rows = await Promise.all(
    ['account', 'login', 'api_token', 'founder_link'].map((table) => store.query(`select * from ${table}`)),
  );
  const stored = JSON.stringify(rows);
  for (const secret of secrets) assert.ok(secret.length > 10 && !stored.includes(secret));
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

const DAY_MS = 24 * HOUR_MS;
const NEXT = 'another calm beacon 8';
const refusalOf = (outcome: object | undefined): string =>
  outcome !== undefined && 'refused' in outcome ? (outcome as Refusal).refused.code : 'done';

test('who changes his password goes on where he did it, and is logged out everywhere else', async () => {
  const { accounts } = await open();
  await accounts.create('operator1', PASSWORD, 'operator', undefined);
  const [here, there] = [await accounts.logIn('operator1', PASSWORD), await accounts.logIn('operator1', PASSWORD)];
  assert.ok(here && there);
  const change = async (password: string, next: string) =>
    refusalOf(await accounts.changePassword(here.token, password, next));
  assert.equal(await change('not the password', NEXT), 'wrongPassword');
  assert.equal(await change(PASSWORD, 'short'), 'invalidPassword');
  assert.equal(await change(PASSWORD, PASSWORD), 'invalidPassword', 'the present one');
  assert.ok(accounts.callerOfLogin(there.token));
  assert.equal(await change(PASSWORD, NEXT), 'done');
  for (const { accounts: opened } of [{ accounts }, await open({ keep: true })]) {
    assert.equal(opened.callerOfLogin(there.token), undefined);
    assert.equal(opened.callerOfLogin(here.token)?.permissions.has('alarm.read'), true);
    assert.equal(await opened.logIn('operator1', PASSWORD), undefined);
    assert.ok(await opened.logIn('operator1', NEXT));
  }
  const founder = await accounts.claimFounderLink((await accounts.createFounderLink()) ?? '');
  assert.equal(refusalOf(await accounts.changePassword(founder?.token ?? '', PASSWORD, NEXT)), 'noPassword');
});

test('a password that was given opens nothing but its own change, for 72 hours, and ends what was open', async () => {
  const { accounts, clock } = await open();
  await accounts.create('operator1', PASSWORD, 'operator', undefined);
  const before = await accounts.logIn('operator1', PASSWORD);
  assert.equal(refusalOf(await accounts.givePassword('nobody')), 'notFound');
  const given = await accounts.givePassword('operator1');
  assert.ok('password' in given);
  assert.equal(accounts.callerOfLogin(before?.token ?? ''), undefined);
  assert.equal(await accounts.logIn('operator1', PASSWORD), undefined);
  for (const { accounts: opened } of [{ accounts }, await open({ keep: true })]) {
    const login = await opened.logIn('operator1', given.password);
    assert.deepEqual([login?.caller.owes, login?.caller.permissions.size], ['newPassword', 0]);
  }
  const login = await accounts.logIn('operator1', given.password);
  clock.at += 72 * HOUR_MS;
  assert.equal(await accounts.logIn('operator1', given.password), undefined, 'too old');
  clock.at = T0;
  assert.equal(refusalOf(await accounts.changePassword(login?.token ?? '', given.password, NEXT)), 'done');
  const caller = accounts.callerOfLogin(login?.token ?? '');
  assert.deepEqual([caller?.owes, caller?.permissions.has('alarm.read')], [undefined, true]);
  assert.equal(accounts.list()[0]?.mustChangePassword, false);
});

test('mlps3: a password of 90 days opens only its change, and the last five are not taken again', async () => {
  const { accounts, clock } = await open({ profile: 'mlps3' });
  const passwords = ['Gorm-7ut', 'Brel-8ox', 'Trof-9im', 'Klep-5ud', 'Snaf-6yb', 'Wruk-4ez'];
  await accounts.create('operator1', passwords[0] ?? '', 'operator', undefined);
  clock.at = T0 + 90 * DAY_MS - 1;
  assert.equal((await accounts.logIn('operator1', passwords[0] ?? ''))?.caller.owes, undefined);
  clock.at++;
  const login = await accounts.logIn('operator1', passwords[0] ?? '');
  assert.equal(login?.caller.owes, 'newPassword');
  const change = async (from: string | undefined, to: string | undefined) =>
    refusalOf(await accounts.changePassword(login.token, from ?? '', to ?? ''));
  for (const [n, password] of passwords.slice(0, 5).entries()) {
    for (const former of passwords.slice(0, n + 1)) assert.equal(await change(password, former), 'invalidPassword');
    assert.equal(await change(password, passwords[n + 1]), 'done');
  }
  assert.equal(await change(passwords[5], passwords[1]), 'invalidPassword', 'the fifth from the end');
  assert.equal(await change(passwords[5], passwords[0]), 'done', 'the sixth');
});

test('what is changed of an account holds at once for what it has open', async () => {
  const { accounts } = await open();
  await accounts.create('li', PASSWORD, 'operator', undefined);
  const login = await accounts.logIn('li', PASSWORD);
  let told = 0;
  accounts.onChanged(() => told++);
  const changed = await accounts.change('li', { role: 'venueManager', venueIds: ['V1'] }, 'security');
  assert.deepEqual(changed, { ...accounts.list()[0], role: 'venueManager', venueIds: ['V1'] });
  for (const { accounts: opened } of [{ accounts }, await open({ keep: true })]) {
    const caller = opened.callerOfLogin(login?.token ?? '');
    assert.deepEqual([caller?.role, caller?.scope], ['venueManager', { venues: ['V1'] }]);
    assert.equal(caller?.permissions.has('alarm.acknowledge'), false);
  }
  assert.ok(told > 0);
  assert.equal(
    refusalOf(await accounts.change('li', { venueIds: null }, 'security')),
    'invalidAccount',
    'needs venues',
  );
  assert.equal(refusalOf(await accounts.change('li', { role: 'founder' }, 'security')), 'invalidAccount');
  await accounts.change('li', { role: 'analyst', venueIds: null }, 'security');
  assert.deepEqual(accounts.callerOfLogin(login?.token ?? '')?.scope, { venues: 'all' });
  await accounts.change('li', { disabled: true }, 'security');
  assert.equal(accounts.callerOfLogin(login?.token ?? ''), undefined);
  await accounts.change('li', { disabled: false }, 'security');
  assert.equal(accounts.callerOfLogin(login?.token ?? ''), undefined, 'what ended stays ended');
  assert.ok(await accounts.logIn('li', PASSWORD));
});

test('nobody changes his own rights, and one security administrator always stays', async () => {
  const { accounts } = await open();
  await accounts.create('one', PASSWORD, 'securityAdmin', undefined);
  const change = async (...given: Parameters<Accounts['change']>) => refusalOf(await accounts.change(...given));
  assert.equal(await change('one', { role: 'systemAdmin' }, 'one'), 'ownRights');
  assert.equal(await change('one', { venueIds: ['V1'] }, 'one'), 'ownRights');
  assert.equal(await change('one', { disabled: true }, 'one'), 'lastSecurityAdmin');
  assert.equal(await change('one', { role: 'operator' }, 'command line'), 'lastSecurityAdmin');
  assert.equal(await change('nobody', {}, 'one'), 'notFound');
  await accounts.create('two', PASSWORD, 'securityAdmin', undefined);
  const both = await Promise.all([change('one', { disabled: true }, 'two'), change('two', { disabled: true }, 'one')]);
  assert.deepEqual(both, ['done', 'lastSecurityAdmin'], 'at once as one after the other');
});

test('an account has five log-ins; one more ends the one not used for longest, a wall’s screens stay lit', async () => {
  const { accounts, clock } = await open();
  await accounts.create('li', PASSWORD, 'operator', undefined);
  await accounts.create('wall', PASSWORD, 'display', undefined);
  const tokens: string[] = [];
  for (let n = 0; n < 6; n++) {
    clock.at += 1_000;
    tokens.push((await accounts.logIn('li', PASSWORD))?.token ?? '');
    await accounts.logIn('wall', PASSWORD);
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
  const own = await accounts.logIn('li', PASSWORD, place);
  await accounts.logIn('wu', PASSWORD);
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

test('a token may be for less than its role, never for more; it says when it was used, and ends when it is revoked', async () => {
  const { accounts, clock } = await open();
  const reader = await accounts.tokens.create('reader', 'integrator', undefined, undefined, [
    'alarm.read',
    'user.manage',
  ]);
  clock.at += 1_000;
  const whole = await accounts.tokens.create('whole', 'integrator', ['V1'], T0 + DAY_MS);
  accounts.tokens.used(reader);
  const usedAt = new Date(clock.at).toISOString();
  clock.at += 59_999;
  accounts.tokens.used(reader);
  for (const { accounts: opened } of [{ accounts }, await open({ keep: true })]) {
    assert.deepEqual([...(opened.callerOfToken(reader)?.permissions ?? [])], ['alarm.read']);
    assert.ok(opened.callerOfToken(whole)?.permissions.has('alarm.acknowledge'));
    const [second, first] = opened.tokens.list();
    assert.deepEqual([first?.name, first?.usedAt, first?.expiresAt], ['reader', usedAt, undefined]);
    assert.deepEqual([second?.usedAt, second?.venueIds], [undefined, ['V1']]);
    assert.equal(second?.expiresAt, new Date(T0 + DAY_MS).toISOString());
    assert.equal(opened.callerOfToken(first?.id ?? ''), undefined, 'its name opens nothing');
  }
  let told = 0;
  accounts.onChanged(() => told++);
  const id = accounts.tokens.list()[1]?.id ?? '';
  assert.deepEqual([await accounts.tokens.revoke('unknown'), await accounts.tokens.revoke(id)], [undefined, 'reader']);
  assert.equal(told, 1);
  for (const { accounts: opened } of [{ accounts }, await open({ keep: true })])
    assert.equal(opened.callerOfToken(reader), undefined);
});

test('the log-in that goes for one too many is the one in which nobody has acted for longest', async () => {
  const { accounts, clock } = await open();
  await accounts.create('li', PASSWORD, 'operator', undefined);
  const tokens: string[] = [];
  for (let n = 0; n < 5; n++) tokens.push((await accounts.logIn('li', PASSWORD))?.token ?? '');
  clock.at += 60_000;
  for (const token of tokens.filter((_token, n) => n !== 2)) accounts.logIns.used(token);
  await accounts.logIn('li', PASSWORD);
  assert.deepEqual(
    tokens.map((token) => accounts.callerOfLogin(token) !== undefined),
    [true, true, false, true, true],
  );
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
