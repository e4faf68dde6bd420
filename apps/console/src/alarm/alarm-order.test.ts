import assert from 'node:assert/strict';
import test from 'node:test';
import { categories, priorities } from '@fengsui/alarm';
import fc from 'fast-check';
import { compareAlarms, countAlarms, orderAlarms } from './alarm-order.ts';
import { sampleAlarm } from './sample-alarm.ts';

const ids = (alarms: readonly { id: string }[]): string[] => alarms.map(({ id }) => id);

test('the queue puts unacknowledged first, the real before drills, then category, then priority, then the newest', () => {
  const expected = [
    sampleAlarm({ id: 'fire-new', category: 'fire', priority: 'P1', raisedAt: '2026-11-21T12:05:00Z' }),
    sampleAlarm({ id: 'fire-old', category: 'fire', priority: 'P1', raisedAt: '2026-11-21T12:00:00Z' }),
    sampleAlarm({ id: 'fire-p2', category: 'fire', priority: 'P2', raisedAt: '2026-11-21T12:09:00Z' }),
    sampleAlarm({ id: 'gas', category: 'warning', priority: 'P1' }),
    sampleAlarm({ id: 'overload', category: 'warning', priority: 'P2' }),
    sampleAlarm({ id: 'returned', category: 'warning', priority: 'P3', state: 'returnedUnacknowledged' }),
    sampleAlarm({ id: 'tamper', category: 'supervisory', priority: 'P1' }),
    sampleAlarm({ id: 'fault', category: 'fault', priority: 'P1' }),
    sampleAlarm({ id: 'drill', category: 'fire', priority: 'P1', origin: 'drill' }),
    sampleAlarm({ id: 'acked-fire', category: 'fire', priority: 'P1', state: 'acknowledged' }),
    sampleAlarm({ id: 'latched', category: 'warning', state: 'latchedAcknowledged' }),
    sampleAlarm({ id: 'shelved', category: 'warning', priority: 'P2', state: 'shelved' }),
    sampleAlarm({ id: 'ended', category: 'fire', priority: 'P1', state: 'normal' }),
  ];
  assert.deepEqual(ids(orderAlarms([...expected].reverse())), ids(expected));
});

test('the order does not depend on the order of arrival', () => {
  const alarm = fc.record({
    id: fc.string({ minLength: 1, maxLength: 4 }),
    category: fc.constantFrom(...categories),
    priority: fc.constantFrom(...priorities),
    state: fc.constantFrom('unacknowledged' as const, 'acknowledged' as const, 'shelved' as const),
    raisedAt: fc.integer({ min: 0, max: 5 }).map((s) => new Date(s * 1000).toISOString()),
  });
  fc.assert(
    fc.property(
      fc.uniqueArray(alarm, { selector: ({ id }) => id, maxLength: 12 }),
      fc.infiniteStream(fc.nat()),
      (rows, keys) => {
        const alarms = rows.map((row) => sampleAlarm(row));
        const shuffled = alarms
          .map((value) => ({ value, key: keys.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ value }) => value);
        assert.deepEqual(ids(orderAlarms(shuffled)), ids(orderAlarms(alarms)));
        for (const a of alarms)
          for (const b of alarms) assert.equal(Math.sign(compareAlarms(a, b)), -Math.sign(compareAlarms(b, a)) + 0);
      },
    ),
  );
});

test('a state the console does not know stays at the top rather than sinking', () => {
  const unknown = sampleAlarm({
    id: 'new-state',
    state: 'someNewState' as 'normal',
    category: 'fault',
    priority: 'P4',
  });
  const acknowledged = sampleAlarm({ id: 'acked', category: 'fire', priority: 'P1', state: 'acknowledged' });
  assert.deepEqual(ids(orderAlarms([acknowledged, unknown])), ['new-state', 'acked']);
});

test('counts leave out what has ended, and a drill is not a fire', () => {
  const alarms = [
    sampleAlarm({ id: '1', category: 'fire', priority: 'P1' }),
    sampleAlarm({ id: '2', category: 'fire', priority: 'P1', origin: 'drill' }),
    sampleAlarm({ id: '3', category: 'fire', priority: 'P1', origin: 'simulated', state: 'acknowledged' }),
    sampleAlarm({ id: '4', state: 'shelved' }),
    sampleAlarm({ id: '5', state: 'normal' }),
  ];
  assert.deepEqual(countAlarms(alarms), { total: 4, unacknowledged: 2, fire: 1, setAside: 1 });
});
