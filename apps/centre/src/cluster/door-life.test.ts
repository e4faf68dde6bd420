import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DoorLife } from './door-life.ts';

const opening = (life: DoorLife, told: string[], name: string): void => life.onStop(() => told.push(name));

test('what was opened is stopped in reverse order, once, also behind what cannot be closed', async () => {
  const life = new DoorLife();
  const told: string[] = [];
  await life.start(async () => {
    opening(life, told, 'store');
    life.onStop(() => Promise.reject(new Error('the bus hangs')));
    opening(life, told, 'door');
  });
  await assert.rejects(life.stop(), /the bus hangs/);
  assert.deepEqual(told, ['door', 'store']);
  await life.stop();
  assert.deepEqual(told, ['door', 'store']);
});

test('a start that fails leaves nothing open and says why', async () => {
  const life = new DoorLife();
  const told: string[] = [];
  const start = life.start(async () => {
    opening(life, told, 'store');
    await Promise.resolve();
    throw new Error('the port is taken');
  });
  await assert.rejects(start, /the port is taken/);
  assert.deepEqual(told, ['store']);
});

test('a stop while it starts ends what waits, and what was opened meanwhile', async () => {
  const life = new DoorLife();
  const told: string[] = [];
  const waiting = Promise.withResolvers<undefined>();
  const start = life.start(async () => {
    life.onStop(() => waiting.resolve(undefined));
    await waiting.promise;
    opening(life, told, 'opened meanwhile');
    assert.ok(life.isStopping);
  });
  await life.stop();
  await start;
  assert.deepEqual(told, ['opened meanwhile']);
});
