import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sha256 } from '../access/callers.ts';
import type { Row, Store } from '../store/store.ts';
import { FollowedCallers } from './followed-callers.ts';

const NOW = 1_790_000_000_000;

/** A store in which only log-ins and tokens are asked for. */
function storeOf(logins: Row[], options: { isAway?: boolean } = {}) {
  let reads = 0;
  const store = {
    query: async (sql: string) => {
      if (options.isAway === true) throw new Error('connection refused');
      if (!sql.includes('login')) return [];
      reads++;
      return [...logins];
    },
  } as unknown as Store;
  return { store, reads: () => reads, options };
}

const login = (token: string): Row => ({
  token_sha256: sha256(token),
  username: 'li',
  role: 'operator',
  venue_ids: ['v1'],
  csrf_token: 'c',
  expires_at: NOW + 1,
});

test('who logs in elsewhere is known after a refresh, who logs out is not any more', async () => {
  const logins = [login('first')];
  const { store } = storeOf(logins);
  const callers = new FollowedCallers({ store, clock: { now: () => NOW } });
  await callers.refresh();
  assert.deepEqual(callers.callerOfLogin('first')?.scope, { venues: ['v1'] });
  logins.splice(0, 1, login('second'));
  await callers.refresh();
  assert.equal(callers.callerOfLogin('first'), undefined);
  assert.equal(callers.callerOfLogin('second')?.username, 'li');
});

test('a refresh sees what was written before it was asked for, and many at once share a reading', async () => {
  const logins: Row[] = [];
  const { store, reads } = storeOf(logins);
  const callers = new FollowedCallers({ store, clock: { now: () => NOW } });
  const running = callers.refresh();
  logins.push(login('late'));
  await Promise.all([running, ...Array.from({ length: 50 }, () => callers.refresh())]);
  assert.notEqual(callers.callerOfLogin('late'), undefined);
  assert.ok(reads() <= 2, `${reads()} readings`);
});

test('while the store is away the old holds, and it is said; who asks for more is refused', async () => {
  const { store, options } = storeOf([login('first')]);
  const callers = new FollowedCallers({ store, clock: { now: () => NOW }, everyMs: 5 });
  callers.start();
  await callers.refresh();
  options.isAway = true;
  await assert.rejects(callers.refresh(), /connection refused/);
  const endsAt = performance.now() + 30_000;
  while (callers.trouble === undefined) {
    assert.ok(performance.now() < endsAt);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert.match(callers.trouble, /log-ins cannot be read: connection refused/);
  assert.notEqual(callers.callerOfLogin('first'), undefined);
  await callers.stop();
});

test('who is bound to an organisation sees at a door what it owns by now, after a refresh, and feeds are told', async () => {
  const venues: Row[] = [
    { id: 'v1', organisation_id: 'mill' },
    { id: 'v2', organisation_id: 'other' },
  ];
  const organisations: Row[] = [
    { id: 'park', parent: null },
    { id: 'mill', parent: 'park' },
    { id: 'other', parent: null },
  ];
  const store = {
    query: async (sql: string) => {
      if (sql.includes('from organisation')) return [...organisations];
      if (sql.includes('from venue')) return [...venues];
      return sql.includes('from login') ? [{ ...login('first'), venue_ids: null, organisation_id: 'park' }] : [];
    },
  } as unknown as Store;
  const callers = new FollowedCallers({ store, clock: { now: () => NOW } });
  await callers.refresh();
  assert.deepEqual(callers.callerOfLogin('first')?.scope, { venues: ['v1'] });
  let told: unknown;
  callers.onChanged(() => (told = callers.callerOfLogin('first')?.scope));
  venues[1] = { id: 'v2', organisation_id: 'mill' };
  await callers.refresh();
  assert.deepEqual(told, { venues: ['v1', 'v2'] });
  organisations[1] = { id: 'mill', parent: null };
  await callers.refresh();
  assert.deepEqual(told, { venues: [] });
});

test('a log-in that its holder locked is locked here, one in which nobody acts after the time and what is written late', async () => {
  const row = (change: Row): Row => ({ ...login('first'), used_at: NOW, expires_at: NOW + 1e9, ...change });
  const logins = [row({})];
  const { store } = storeOf(logins);
  const clock = { at: NOW, now: () => clock.at };
  const callers = new FollowedCallers({ store, clock, idleLockMs: 60_000 });
  await callers.refresh();
  clock.at = NOW + 60_000 + 74_000;
  assert.equal(callers.isLocked('first'), false);
  clock.at += 1_000;
  assert.equal(callers.isLocked('first'), true);
  logins.splice(0, 1, row({ used_at: clock.at }));
  await callers.refresh();
  assert.equal(callers.isLocked('first'), false);
  logins.splice(0, 1, row({ used_at: clock.at, is_locked: true }));
  await callers.refresh();
  assert.equal(callers.isLocked('first'), true);
  assert.equal(callers.isLocked('nobody'), false);
});
