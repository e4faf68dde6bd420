import assert from 'node:assert/strict';
import test from 'node:test';
import type { Alarm } from '@fengsui/protocol';
import { groupQueue } from './group-queue.ts';
import { sampleAlarm } from './sample-alarm.ts';

const parentId = `g-power-${Date.parse('2026-11-21T12:00:00Z').toString(36)}-0123456789abcdef`;
const cut = (id: string, changes: Partial<Alarm> = {}): Alarm =>
  sampleAlarm({ id, kind: 'underVoltage', deviceId: id, parentId, ...changes });

const fire = sampleAlarm({ id: 'fire', category: 'fire', priority: 'P1', kind: 'smoke' });
const idsOf = (alarms: readonly { readonly id: string }[]): string[] => alarms.map(({ id }) => id);

test('a thousand of one cut are one row, and the fire stands above it', () => {
  const many = Array.from({ length: 1_000 }, (_, i) => cut(`c${i}`));
  const { ordered, groups } = groupQueue([...many, fire], new Set());
  assert.deepEqual(idsOf(ordered), ['fire', parentId]);
  assert.equal(groups.get(parentId)?.children.length, 1_000);
});

test('an open group has its alarms below it, in the order of the queue', () => {
  const alarms = [cut('seen', { state: 'acknowledged' }), cut('waits'), fire, sampleAlarm({ id: 'z', priority: 'P3' })];
  assert.deepEqual(idsOf(groupQueue(alarms, new Set([parentId])).ordered), ['fire', parentId, 'waits', 'seen', 'z']);
});

test('a group sinks when all of it is acknowledged, and rises with one that is not', () => {
  const seen = [cut('a', { state: 'acknowledged' }), cut('b', { state: 'acknowledged' })];
  const other = sampleAlarm({ id: 'other', priority: 'P4' });
  assert.deepEqual(idsOf(groupQueue([...seen, other], new Set()).ordered), ['other', parentId]);
  assert.deepEqual(idsOf(groupQueue([...seen, cut('c'), other], new Set()).ordered), [parentId, 'other']);
  const shelved = [cut('a', { state: 'shelved' }), cut('b', { state: 'shelved' })];
  assert.equal(groupQueue(shelved, new Set()).ordered[0]?.state, 'shelved');
});
