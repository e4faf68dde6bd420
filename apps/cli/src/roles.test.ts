import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkShared, readRole } from './roles.ts';

test('a process has all roles, one of them alone, or worker and api together, in any order', () => {
  for (const all of [undefined, 'all', 'gateway,worker,api', 'api,gateway,worker']) assert.equal(readRole(all), 'all');
  assert.equal(readRole('gateway'), 'gateway');
  assert.equal(readRole('api'), 'seats');
  assert.equal(readRole('worker'), 'worker');
  for (const centre of ['worker,api', 'api,worker']) assert.equal(readRole(centre), 'centre');
});

test('other words and other splits are refused with what is expected', () => {
  for (const split of ['gateway,worker', 'gateway,api'])
    assert.throws(() => readRole(split), /expected all, gateway, api, worker, or worker,api/);
  for (const word of ['wroker', '', 'gateway,', 'all,api']) assert.throws(() => readRole(word), /is unknown, expected/);
});

test('processes of their own share a database and a NATS; one that has all needs neither', () => {
  const config = (database: string | undefined, nats: string | undefined) => ({
    database: { url: database },
    nats: { url: nats },
  });
  assert.equal(checkShared('all', config(undefined, undefined)), undefined);
  assert.deepEqual(checkShared('gateway', config('d', 'n')), { databaseUrl: 'd', natsUrl: 'n' });
  assert.throws(() => checkShared('gateway', config(undefined, 'n')), /database\.url is not set/);
  assert.throws(() => checkShared('centre', config('d', undefined)), /nats\.url is not set/);
});
