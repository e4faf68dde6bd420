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
