import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startPostgresServer, type PostgresServer } from '../../../../tools/servers/postgres-server.ts';
import { createPostgresStore } from '../store/postgres-store.ts';
import { isStoreError } from '../store/store-error.ts';
import type { Step, Store } from '../store/store.ts';
import { fencedStore } from './fenced-store.ts';
import { LeaderLease, LeaderWatch, type LeaderLeaseOptions } from './leader-lease.ts';
import { requireEpoch } from './lease-schema.ts';

let server: PostgresServer;
let databases = 0;
before(async () => {
  server = await startPostgresServer();
});
after(() => server.stop());

async function emptyDatabase(): Promise<string> {
  const admin = await createPostgresStore({ url: server.url });
  const name = `lease_${databases++}`;
  await admin.query(`CREATE DATABASE ${name}`);
  await admin.close();
  return server.url.replace(/\/postgres$/, `/${name}`);
}

const quiet = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };
const open = (databaseUrl: string, holder: string, options: Partial<LeaderLeaseOptions> = {}): Promise<LeaderLease> =>
  LeaderLease.open({ databaseUrl, holder, commandKey: 'key', log: quiet, onLost: () => {}, ...options });

const sql = (text: string): Step => ({ kind: 'sql', sql: text });
const neverRenews = { renewMs: 2_000_000_000 };

/** Begins to stand by; resolves when it does. */
async function standBy(lease: LeaderLease): Promise<{ readonly leads: Promise<number>; readonly leader: string }> {
  const standing = Promise.withResolvers<string>();
  const leads = lease
    .lead({
      onStandBy: async (leader) => {
        standing.resolve(leader);
        return async () => {};
      },
    })
    .then(() => lease.epoch);
  leads.catch((error: unknown) => standing.reject(error));
  return { leader: await standing.promise, leads };
}

test('one leads, the next stands by and leads with a higher epoch once the first has handed over', async () => {
  const url = await emptyDatabase();
  const one = await open(url, 'one', { renewMs: 100 });
  await one.lead({});
  const two = await open(url, 'two');
  const { leader, leads } = await standBy(two);
  assert.match(leader, /^one \(epoch 1\)$/);
  assert.equal(await one.stillLeads(), true);
  await one.close();
  assert.equal(await leads, 2);
  await two.close();
});

test('where nobody may stand by, a second centre is refused with the name of the first', async () => {
  const url = await emptyDatabase();
  const one = await open(url, 'one', { renewMs: 100 });
  await one.lead({});
  const two = await open(url, 'two');
  await assert.rejects(two.lead({}), /another centre leads on this database: one \(epoch 1\)/);
  await two.close();
  assert.equal(await one.stillLeads(), true);
  await one.close();
});

test('a centre that signs commands with another key does not stand by', async () => {
  const url = await emptyDatabase();
  const one = await open(url, 'one', { renewMs: 100 });
  await one.lead({});
  const two = await open(url, 'two', { commandKey: 'other' });
  await assert.rejects(standBy(two), /another key than the leader one .*copy its keys\/command\.pem/);
  await two.close();
  await one.close();
});

test('a leader that renews no longer is succeeded, its open transaction is ended, and nothing it commits later is kept', async () => {
  const url = await emptyDatabase();
  const plain = await createPostgresStore({ url });
  await plain.commit([sql('create table t (id int4 primary key)')]);
  const lost: string[] = [];
  const one = await open(url, 'one', { ...neverRenews, onLost: (reason) => void lost.push(reason) });
  await one.lead({});
  const itsStore = await createPostgresStore({ url, applicationName: one.session });
  const stale: string[] = [];
  const fenced = fencedStore(
    itsStore,
    () => requireEpoch(one.epoch),
    (reason) => void stale.push(reason),
  );
  assert.deepEqual(await fenced.commit([sql('insert into t values (1) returning id'), sql('select 2 as two')]), [
    [{ id: 1 }],
    [{ two: 2 }],
  ]);
  // As a worker that is paused within its transaction: it holds the epoch, and would for ever.
  const paused = itsStore.commit([
    requireEpoch(one.epoch),
    sql('insert into t values (2)'),
    sql('select pg_sleep(600)'),
  ]);
  const ended = assert.rejects(paused, (error) => isStoreError(error, 'connection'));
  await holdsEpoch(plain);
  const two = await open(url, 'two', { leaseMs: 1_000 });
  await two.lead({});
  assert.equal(two.epoch, 2);
  await ended;
  await assert.rejects(fenced.commit([sql('insert into t values (3)')]), /epoch 1 is over: another centre leads/);
  assert.match(stale.join(), /^[^,]*epoch 1 is over[^,]*$/);
  assert.equal(await one.stillLeads(), false);
  assert.equal(lost.length, 1);
  assert.match(one.trouble ?? '', /taken over/);
  assert.deepEqual(await plain.query('select id from t order by id'), [{ id: 1 }]);
  // The loser hands nothing over.
  await one.close();
  assert.equal(await two.stillLeads(), true);
  await two.close();
  await itsStore.close();
  await plain.close();
});

test('who leads knows how long he still does if he renews no more, and then says that nobody can be sure', async () => {
  const url = await emptyDatabase();
  const renewed = await open(url, 'one', { renewMs: 50, leaseMs: 30_000 });
  assert.equal(renewed.remainingMs, 0);
  await renewed.lead({});
  assert.ok(renewed.remainingMs > 0 && renewed.remainingMs <= 30_000);
  assert.equal(renewed.trouble, undefined);
  await renewed.close();
  const still = await open(url, 'two', { ...neverRenews, leaseMs: 1_000 });
  await still.lead({});
  const giveUpAt = Date.now() + 30_000;
  while (still.remainingMs > 0 && Date.now() < giveUpAt) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(still.remainingMs, 0);
  assert.match(still.trouble ?? '', /^the lease of the leader was not renewed for \d+ s$/);
  await still.close();
});

test('a leader whose connections are all gone is succeeded before its lease runs out', async () => {
  const url = await emptyDatabase();
  const plain = await createPostgresStore({ url });
  const one = await open(url, 'one', neverRenews);
  await one.lead({});
  const two = await open(url, 'two', { leaseMs: 600_000 });
  const leads = two.lead({}).then(() => two.epoch);
  await plain.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = '${one.session}'`);
  assert.equal(await leads, 2);
  await one.close();
  await two.close();
  await plain.close();
});

test('two that wait for the same lease: one of them gets it', async () => {
  const url = await emptyDatabase();
  const leases = await Promise.all(['one', 'two', 'three'].map((holder) => open(url, holder, { renewMs: 100 })));
  const outcomes = await Promise.allSettled(leases.map((lease) => lease.lead({})));
  assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected', 'rejected']);
  for (const lease of leases) await lease.close();
});

test('who waits judges by what he saw himself: standing still, vanished, handed over; an absence of his own counts for nothing', () => {
  const look = (beat: number, isConnected: boolean | undefined = true, released = false) => ({
    epoch: 1,
    beat,
    released,
    isConnected,
  });
  const watch = (): LeaderWatch => new LeaderWatch(5_000);
  let seen = watch();
  assert.deepEqual(
    [seen.saw(look(1), 0), seen.saw(look(1), 4_999), seen.saw(look(1), 5_000)],
    ['unsure', 'unsure', 'gone'],
  );
  seen = watch();
  assert.deepEqual(
    [seen.saw(look(1), 0), seen.saw(look(2), 4_999), seen.saw(look(2), 9_998), seen.saw(look(2), 9_999)],
    ['unsure', 'alive', 'unsure', 'gone'],
  );
  seen = watch();
  assert.deepEqual(
    [seen.saw(look(1, false), 0), seen.saw(look(1, false), 1_499), seen.saw(look(1, false), 1_500)],
    ['unsure', 'unsure', 'gone'],
  );
  seen = watch();
  seen.saw(look(1, false), 0);
  // It has connected again.
  assert.equal(seen.saw(look(1, true), 1_000), 'unsure');
  assert.equal(seen.saw(look(1, false), 1_600), 'unsure');
  // A server that shows no sessions: only the beat counts.
  seen = watch();
  assert.deepEqual([seen.saw(look(1, undefined), 0), seen.saw(look(1, undefined), 4_000)], ['unsure', 'unsure']);
  seen = watch();
  seen.saw(look(1), 0);
  seen.lostSight();
  assert.equal(seen.saw(look(1), 30_000), 'unsure');
  assert.equal(watch().saw(look(1, true, true), 0), 'gone');
});

async function holdsEpoch(store: Store): Promise<void> {
  const held = `select 1 from pg_stat_activity where query like '%pg_sleep(600)%' and pid <> pg_backend_pid()`;
  for (const deadline = Date.now() + 60_000; (await store.query(held)).length === 0;) {
    assert.ok(Date.now() < deadline, 'the paused transaction did not begin');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
