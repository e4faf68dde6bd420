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
import { Accounts } from './accounts.ts';

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
async function open({ isDemo = false, keep = false } = {}) {
  if (!keep) {
    const tables = ['account', 'login', 'api_token', 'founder_link'];
    await store.commit(tables.map((table) => ({ kind: 'sql', sql: `delete from ${table}` })));
  }
  const clock = { at: T0, now: () => clock.at };
  const accounts = new Accounts(store, clock, isDemo);
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
  await accounts.logOut(one.token);
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
    accounts.callerOfToken(await accounts.createToken('t', role, venueIds, undefined))?.scope;
  assert.deepEqual(await scopeOf('insurer', undefined), { venues: [] });
  assert.deepEqual(await scopeOf('insurer', ['V2']), { venues: ['V2'] });
  assert.deepEqual(await scopeOf('operator', ['V2']), { venues: ['V2'] });
  assert.deepEqual(await scopeOf('integrator', undefined), { venues: 'all' });
});

test('a token works until it expires or is revoked; neither token nor log-in opens the other’s door', async () => {
  const { accounts, clock } = await open();
  await accounts.create('operator1', PASSWORD, 'operator', undefined);
  const day = await accounts.createToken('for a day', 'integrator', undefined, T0 + 24 * HOUR_MS);
  const ever = await accounts.createToken('for ever', 'integrator', undefined, undefined);
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
    await accounts.createToken('t', 'operator', undefined, undefined),
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
