import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Alarm } from '@fengsui/protocol';
import { AlarmGrouping, alarmGroupsOf } from './alarm-grouping.ts';

const T0 = Date.parse('2026-11-21T12:00:00.000Z');

const cut = (id: string, over: Partial<Alarm> = {}): Alarm => ({
  id,
  kind: 'underVoltage',
  category: 'warning',
  priority: 'P2',
  level: 'alarm',
  state: 'unacknowledged',
  deviceId: `d-${id}`,
  pointId: 'c1',
  venueId: 'V1',
  origin: 'live',
  raisedAt: new Date(T0).toISOString(),
  receivedAt: new Date(T0).toISOString(),
  count: 1,
  ...over,
});

const clock = { now: (): number => T0 };

test('with the alarm that makes a group those before it are told again, each with its group, and no other', () => {
  const grouping = new AlarmGrouping(clock);
  assert.deepEqual(grouping.follow([cut('a'), cut('fire', { kind: 'smoke', category: 'fire' })]).length, 2);
  assert.deepEqual(
    grouping.follow([cut('b')]).map(({ id }) => id),
    ['b'],
  );
  const told = grouping.follow([cut('c')]);
  assert.deepEqual(told.map(({ id }) => id).toSorted(), ['a', 'b', 'c']);
  assert.deepEqual(new Set(told.map(({ parentId }) => parentId)).size, 1);
  assert.notEqual(told[0]?.parentId, undefined);
  assert.deepEqual(
    grouping.follow([cut('d')]).map(({ id }) => id),
    ['d'],
  );
});

test('an alarm that ends, and one that becomes worse later, is told without its group; the others keep theirs', () => {
  const grouping = new AlarmGrouping(clock);
  for (const id of ['a', 'b', 'c', 'd']) grouping.follow([cut(id)]);
  const parentId = grouping.shown(cut('d')).parentId;
  const [ended] = grouping.follow([cut('a', { state: 'normal' })]);
  const escalatedAt = new Date(T0 + 120_000).toISOString();
  const [worse] = grouping.follow([cut('b', { escalatedAt })]);
  assert.deepEqual([ended?.parentId, worse?.parentId], [undefined, undefined]);
  assert.deepEqual([grouping.shown(cut('c')).parentId, grouping.shown(cut('d')).parentId], [parentId, parentId]);
  const left = ['b', 'c', 'd'].map((id) => grouping.shown(cut(id)));
  assert.deepEqual(
    alarmGroupsOf(left).map(({ id, childCount, since }) => ({ id, childCount, since })),
    [{ id: parentId, childCount: 2, since: '2026-11-21T12:00:00.000Z' }],
  );
});

test('a condition that is acknowledged and comes back within the minute chatters, over its alarms', () => {
  const grouping = new AlarmGrouping(clock);
  const live = { deviceId: 'd', kind: 'overload' };
  const shown = ['a', 'b', 'c'].map((id) => {
    const [told] = grouping.follow([cut(id, live)]);
    grouping.follow([cut(id, { ...live, state: 'normal' })]);
    return told?.chatter;
  });
  assert.deepEqual(shown, [undefined, undefined, 3]);
  const [counted] = grouping.follow([cut('e', { kind: 'overload', count: 4 })]);
  assert.equal(counted?.chatter, 4);
});
