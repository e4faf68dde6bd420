import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Role } from '@fengsui/protocol';
import { accountsFixture, logIn, PASSWORD, refusalOf, T0 } from './accounts.fixture.ts';
import type { Accounts } from './accounts.ts';

const { open, store } = accountsFixture();

test('an account logs in with its password and nothing else, before and after a restart', async () => {
  const { accounts } = await open();
  const created = await accounts.create('operator1', PASSWORD, 'operator', undefined);
  assert.deepEqual(created, {
    username: 'operator1',
    role: 'operator',
    createdAt: new Date(T0).toISOString(),
    disabled: false,
    mustChangePassword: false,
    hasSecondFactor: false,
  });
  for (const { accounts: opened } of [{ accounts }, await open({ keep: true })]) {
    const login = await logIn(opened, 'operator1', PASSWORD);
    assert.deepEqual([login?.caller.role, login?.caller.scope], ['operator', { venues: 'all' }]);
    assert.equal(await logIn(opened, 'operator1', `${PASSWORD} `), undefined);
    assert.equal(await logIn(opened, 'Operator1', PASSWORD), undefined);
    assert.equal(await logIn(opened, 'nobody', PASSWORD), undefined);
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

test('a disabled account neither logs in nor goes on', async () => {
  const { accounts } = await open();
  await accounts.create('operator1', PASSWORD, 'operator', undefined);
  const login = await logIn(accounts, 'operator1', PASSWORD);
  await store().commit([{ kind: 'sql', sql: 'update account set disabled = true' }]);
  const { accounts: restarted } = await open({ keep: true });
  assert.equal(restarted.callerOfLogin(login?.token ?? ''), undefined);
  assert.equal(await logIn(restarted, 'operator1', PASSWORD), undefined);
});

test('roles that are bound to venues see those named and, with none named, nothing', async () => {
  const { accounts } = await open();
  await accounts.create('owner', PASSWORD, 'venueManager', ['V1', 'V2']);
  await accounts.create('nothing', PASSWORD, 'venueManager', []);
  assert.deepEqual((await logIn(accounts, 'owner', PASSWORD))?.caller.scope, { venues: ['V1', 'V2'] });
  assert.deepEqual((await logIn(accounts, 'nothing', PASSWORD))?.caller.scope, { venues: [] });
  const scopeOf = async (role: Role, venueIds: readonly string[] | undefined) =>
    accounts.callerOfToken(await accounts.tokens.create('t', role, venueIds, undefined))?.scope;
  assert.deepEqual(await scopeOf('insurer', undefined), { venues: [] });
  assert.deepEqual(await scopeOf('insurer', ['V2']), { venues: ['V2'] });
  assert.deepEqual(await scopeOf('operator', ['V2']), { venues: ['V2'] });
  assert.deepEqual(await scopeOf('integrator', undefined), { venues: 'all' });
});

test('nothing that is stored lets anybody in: passwords, tokens and links are kept as hashes', async () => {
  const { accounts } = await open();
  await accounts.create('operator1', PASSWORD, 'operator', undefined);
  const secrets = [
    PASSWORD,
    (await logIn(accounts, 'operator1', PASSWORD))?.token ?? '',
    await accounts.tokens.create('t', 'operator', undefined, undefined),
    (await accounts.createFounderLink()) ?? '',
  ];
  const rows = await Promise.all(
    ['account', 'login', 'api_token', 'founder_link'].map((table) => store().query(`select * from ${table}`)),
  );
  const stored = JSON.stringify(rows);
  for (const secret of secrets) assert.ok(secret.length > 10 && !stored.includes(secret));
});

test('what is changed of an account holds at once for what it has open', async () => {
  const { accounts } = await open();
  await accounts.create('li', PASSWORD, 'operator', undefined);
  const login = await logIn(accounts, 'li', PASSWORD);
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
  assert.ok(await logIn(accounts, 'li', PASSWORD));
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
