import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Call } from './outage.ts';
import { delivered, due, enqueue, failed, type Delivery } from './post.ts';

const call = (id: string, kind: Call['kind'] = 'outage', at = 0): Call => ({
  id,
  kind,
  finding: 'down',
  since: at,
  at,
  reason: '',
});
const ids = (deliveries: readonly Delivery[]): readonly string[] =>
  deliveries.map(({ channel, call: { id } }) => `${channel}:${id}`);

test('each channel gets its calls in order, and none waits for another channel', () => {
  let held = enqueue([], ['a', 'b'], call('1'));
  held = enqueue(held, ['a', 'b'], call('2', 'well'));
  assert.deepEqual(ids(due(held, 0)), ['a:1', 'b:1']);
  const [first] = due(held, 0);
  assert.ok(first);
  held = delivered(held, first);
  assert.deepEqual(ids(due(held, 0)), ['a:2', 'b:1']);
});

test('a call that did not go is made again, later each time, and never given up', () => {
  let held = enqueue([], ['a'], call('1'));
  let now = 0;
  const pauses: number[] = [];
  for (let tries = 0; tries < 30; tries++) {
    const [delivery] = due(held, now);
    assert.ok(delivery);
    held = failed(held, delivery, now);
    assert.deepEqual(due(held, now), []);
    const pause = (held[0]?.nextAt ?? 0) - now;
    pauses.push(pause / 1000);
    now += pause;
  }
  assert.deepEqual(pauses.slice(0, 7), [5, 10, 20, 40, 80, 120, 120]);
});

test('a reminder takes the place of one that has not left, and never of the first call', () => {
  let held = enqueue([], ['a'], call('1'));
  for (let hour = 1; hour <= 100; hour++) held = enqueue(held, ['a'], call(`r${hour}`, 'reminder'));
  assert.deepEqual(ids(held), ['a:1', 'a:r100']);
});

test('a channel that is away for months holds no more than twenty calls, the newest', () => {
  let held: readonly Delivery[] = [];
  for (let index = 1; index <= 100; index++) held = enqueue(held, ['a'], call(String(index)));
  assert.equal(held.length, 20);
  assert.equal(held.at(-1)?.call.id, '100');
});

test('a clock that was set back holds no call for longer than the longest pause', () => {
  const held = enqueue([], ['a'], call('1', 'outage', 86_400_000));
  assert.deepEqual(ids(due(held, 0)), ['a:1']);
});
