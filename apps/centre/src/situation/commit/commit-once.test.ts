import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startPostgresServer, type PostgresServer } from '../../../../../tools/servers/postgres-server.ts';
import { migrate } from '../../store/migrate.ts';
import { migrations } from '../../store/migrations/index.ts';
import { createPostgresStore } from '../../store/postgres-store.ts';
import { isStoreError, StoreError } from '../../store/store-error.ts';
import type { Step, Store } from '../../store/store.ts';
import { Effects } from '../effects.ts';
import { checkpointSteps } from './checkpoint-steps.ts';
import { commitOnce, type Newest } from './commit-once.ts';

let server: PostgresServer;
let store: Store;
before(async () => {
  server = await startPostgresServer();
  store = await createPostgresStore({ url: server.url });
  await migrate(store, migrations);
  await store.query('create table written (sequence int8)');
});
after(async () => {
  await store.close();
  await server.stop();
});

const sql = (text: string): Step => ({ kind: 'sql', sql: text });
const written = async (): Promise<unknown> =>
  (await store.query('select sequence from written order by sequence')).map(({ sequence }) => sequence);

function stepsOf(newest: Newest): readonly Step[] {
  const effects = new Effects();
  effects.checkpoints.set('one', newest);
  return [sql(`insert into written values (${newest.sequence})`), ...checkpointSteps(effects)];
}

test('what is still under way when its answer is lost is waited for, and not written again', async () => {
  for (const sequence of [1, 2]) {
    const newest = { lane: 'bulk', partition: 7, sequence } as const;
    let underWay: Promise<unknown> | undefined;
    const losing: Store = {
      ...store,
      commit: (steps) => {
        if (underWay !== undefined) return store.commit(steps);
        // The first of them writes the first checkpoint of its partition: there is no row yet that could be locked.
        underWay = store.commit([...steps, sql('select pg_sleep(1)')]);
        const lost = new StoreError('unknownOutcome', 'no answer');
        return new Promise((_, reject) => setTimeout(reject, 300, lost));
      },
    };
    const commit = commitOnce(losing, stepsOf(newest), newest);
    await assert.rejects(commit(), (error) => isStoreError(error, 'unknownOutcome'));
    assert.equal(await commit(), 'committed');
    await underWay;
  }
  assert.deepEqual(await written(), [1, 2]);
});

test('what was rolled back meanwhile is written', async () => {
  const newest = { lane: 'alarm', partition: 3, sequence: 9 } as const;
  let underWay: Promise<unknown> | undefined;
  const losing: Store = {
    ...store,
    commit: (steps) => {
      if (underWay !== undefined) return store.commit(steps);
      underWay = assert.rejects(store.commit([...steps, sql('select pg_sleep(0.5)'), sql('select 1 / 0')]));
      return new Promise((_, reject) => setTimeout(reject, 200, new StoreError('unknownOutcome', 'no answer')));
    },
  };
  const commit = commitOnce(losing, stepsOf(newest), newest);
  await assert.rejects(commit());
  assert.equal(await commit(), 'committed');
  await underWay;
  assert.deepEqual(await written(), [1, 2, 9]);
});
