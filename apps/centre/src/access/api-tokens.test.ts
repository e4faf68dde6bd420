import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountsFixture, DAY_MS, HOUR_MS, logIn, PASSWORD, T0 } from './accounts.fixture.ts';

const { open, store } = accountsFixture();

test('a token works until it expires or is revoked; neither token nor log-in opens the other’s door', async () => {
  const { accounts, clock } = await open();
  await accounts.create('operator1', PASSWORD, 'operator', undefined);
  const day = await accounts.tokens.create('for a day', 'integrator', undefined, T0 + 24 * HOUR_MS);
  const ever = await accounts.tokens.create('for ever', 'integrator', undefined, undefined);
  assert.match(ever, /^fst_[A-Za-z0-9_-]{43}$/);
  assert.deepEqual(accounts.callerOfToken(ever)?.csrfToken, undefined);
  assert.equal(accounts.callerOfLogin(ever), undefined);
  assert.equal(accounts.callerOfToken((await logIn(accounts, 'operator1', PASSWORD))?.token ?? ''), undefined);
  const restarted = await open({ keep: true });
  assert.equal(restarted.accounts.callerOfToken(day)?.username, 'for a day');
  clock.at = restarted.clock.at = T0 + 24 * HOUR_MS;
  for (const opened of [accounts, restarted.accounts]) {
    assert.equal(opened.callerOfToken(day), undefined);
    assert.equal(opened.callerOfToken(ever)?.role, 'integrator');
  }
  await store().commit([{ kind: 'sql', sql: 'update api_token set revoked_at = $1', params: [T0] }]);
  assert.equal((await open({ keep: true })).accounts.callerOfToken(ever), undefined);
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
