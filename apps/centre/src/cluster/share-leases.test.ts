import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startPostgresServer, type PostgresServer } from '../../../../tools/servers/postgres-server.ts';
import { createPostgresStore } from '../store/postgres-store.ts';
import { isStoreError } from '../store/store-error.ts';
import type { Step, Store } from '../store/store.ts';
import { makeLeaseTables, requireShares, STALE_EPOCH } from './lease-schema.ts';
import { ShareLeases } from './share-leases.ts';

let server: PostgresServer;
let centre: Store;
let worker: Store;
before(async () => {
  server = await startPostgresServer();
  centre = await createPostgresStore({ url: server.url });
  worker = await createPostgresStore({ url: server.url });
  await makeLeaseTables(centre);
  await centre.query('create table said (text text)');
});
after(async () => {
  await centre.close();
  await worker.close();
  await server.stop();
});

const sql = (text: string): Step => ({ kind: 'sql', sql: text });
const slowly = sql('select pg_sleep(0.5)');
const isStale = (error: unknown): boolean => isStoreError(error) && error.sqlState === STALE_EPOCH;
const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 200));
const said = async (): Promise<readonly unknown[]> =>
  (await centre.query('select text from said order by text')).map(({ text }) => text);

test('a commit that is under way when a shard is taken is there whole before the shard is another’s; one that comes while it is taken is refused whole', async () => {
  const leases = new ShareLeases(centre);
  await leases.begin();
  const held = new Map(await leases.transfer([3, 4, 5], 'far'));
  assert.deepEqual([...held.keys()].sort(), [3, 4, 5]);

  const commit = (text: string, ...more: Step[]): Promise<unknown> =>
    worker.commit([requireShares('far', held), sql(`insert into said values ('${text}')`), ...more]);
  const underWay = commit('first', slowly);
  await soon();
  await leases.transfer([9], '');
  assert.deepEqual(await said(), [], 'another shard is not waited for');
  // By who waits for the row, the first commit is over.
  const taken = leases.transfer([4], '');
  await taken;
  assert.deepEqual(await said(), ['first']);
  await underWay;
  await assert.rejects(commit('second'), isStale);

  const again = new Map([...held].filter(([shard]) => shard !== 4));
  const isTaken = centre.commit([
    sql(`update centre_share set epoch = epoch + 1, session = '' where shard = 5`),
    slowly,
  ]);
  await soon();
  await assert.rejects(
    worker.commit([requireShares('far', again), sql(`insert into said values ('third')`)]),
    isStale,
    'it waits for what is under way, and sees what that became',
  );
  await isTaken;
  again.delete(5);
  await worker.commit([requireShares('far', again), sql(`insert into said values ('fourth')`)]);
  await assert.rejects(worker.commit([requireShares('other', again)]), isStale);
  assert.deepEqual(await said(), ['first', 'fourth']);
});
