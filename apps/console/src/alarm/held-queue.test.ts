import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { orderAlarms } from './alarm-order.ts';
import { emptyQueue, nextQueue, waitingFire, type HeldQueue } from './held-queue.ts';
import { sampleAlarm } from './sample-alarm.ts';

const queueOf = (...shownIds: string[]): HeldQueue => ({ shownIds, waiting: [] });

test('a free list takes the order of the queue', () => {
  const ordered = orderAlarms([sampleAlarm({ id: 'b' }), sampleAlarm({ id: 'a', category: 'fire' })]);
  assert.deepEqual(nextQueue(emptyQueue, ordered, false), queueOf('a', 'b'));
});

test('a held list keeps every row in its place and lets new alarms wait', () => {
  const fire = sampleAlarm({ id: 'fire', category: 'fire', priority: 'P1' });
  const ordered = orderAlarms([sampleAlarm({ id: 'a', state: 'acknowledged' }), sampleAlarm({ id: 'b' }), fire]);
  const held = nextQueue(queueOf('a', 'b', 'gone'), ordered, true);
  assert.deepEqual(held, { shownIds: ['a', 'b', 'gone'], waiting: [fire] });
});

test('letting go inserts what waited and drops what ended', () => {
  const ordered = orderAlarms([sampleAlarm({ id: 'b' }), sampleAlarm({ id: 'fire', category: 'fire' })]);
  const held: HeldQueue = { shownIds: ['b', 'gone'], waiting: ordered.slice(0, 1) };
  assert.deepEqual(nextQueue(held, ordered, false), queueOf('fire', 'b'));
});

test('an alarm that ends while it waits no longer waits', () => {
  const held: HeldQueue = { shownIds: ['a'], waiting: [sampleAlarm({ id: 'b' })] };
  assert.deepEqual(nextQueue(held, [sampleAlarm({ id: 'a' })], true), queueOf('a'));
});

test('an empty list takes what comes even under the hand: nothing in it could move', () => {
  assert.deepEqual(nextQueue(emptyQueue, [sampleAlarm({ id: 'a' })], true), queueOf('a'));
});

test('nothing new returns the same object, so nothing is drawn again', () => {
  const queue = queueOf('a');
  assert.equal(nextQueue(queue, [sampleAlarm({ id: 'a' })], false), queue);
  assert.equal(nextQueue(queue, [sampleAlarm({ id: 'a' })], true), queue);
  const ordered = [sampleAlarm({ id: 'b' }), sampleAlarm({ id: 'a' })];
  const waiting = nextQueue(queue, ordered, true);
  assert.equal(nextQueue(waiting, ordered, true), waiting);
});

test('under any history the held rows never change and nothing is both shown and waiting', () => {
  const step = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { maxLength: 6 });
  fc.assert(
    fc.property(fc.array(fc.tuple(step, fc.boolean()), { maxLength: 12 }), (history) => {
      let queue = emptyQueue;
      for (const [present, isHeld] of history) {
        const before = queue.shownIds;
        const alarms = present.map((id) => sampleAlarm({ id }));
        queue = nextQueue(queue, alarms, isHeld);
        if (isHeld && before.length > 0) assert.deepEqual(queue.shownIds, before);
        const everywhere = [...queue.shownIds, ...queue.waiting.map(({ id }) => id)];
        assert.equal(new Set(everywhere).size, everywhere.length);
        for (const id of present) assert.ok(everywhere.includes(id), `${id} is lost`);
      }
    }),
  );
});

test('the pill names a waiting fire, and never a drill', () => {
  const drill = sampleAlarm({ id: 'drill', category: 'fire', origin: 'drill' });
  const fire = sampleAlarm({ id: 'fire', category: 'fire', origin: 'simulated' });
  assert.equal(waitingFire({ shownIds: ['x'], waiting: [drill] }), undefined);
  assert.equal(waitingFire({ shownIds: ['x'], waiting: [sampleAlarm(), drill, fire] }), fire);
});
