import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupRows, summariseGroup, type GroupedAlarm } from './group-summary.ts';

const power = `g-power-${(1_763_718_000_000).toString(36)}-0123456789abcdef`;

const child = (id: string, over: Partial<GroupedAlarm> = {}): GroupedAlarm => ({
  id,
  kind: 'underVoltage',
  category: 'warning',
  priority: 'P3',
  state: 'acknowledged',
  origin: 'live',
  deviceId: `d-${id}`,
  venueId: 'v1',
  parentId: power,
  ...over,
});

test('a group tells its cause, since when, how many by kind and by venue, and its most urgent alarm', () => {
  const children = [
    child('a', { state: 'unacknowledged', priority: 'P2' }),
    child('b', { kind: 'silent', category: 'fault', venueId: 'v2' }),
    child('c', { kind: 'silent', category: 'fault', clearedAt: '2026-11-21T10:00:00Z' }),
  ];
  assert.deepEqual(summariseGroup(power, children), {
    id: power,
    cause: 'mainsCut',
    since: 1_763_718_000_000,
    childCount: 3,
    unacknowledgedCount: 1,
    activeCount: 2,
    priority: 'P2',
    category: 'warning',
    origin: 'live',
    kinds: [
      { kind: 'silent', count: 2 },
      { kind: 'underVoltage', count: 1 },
    ],
    venues: [
      { venueId: 'v1', count: 2 },
      { venueId: 'v2', count: 1 },
    ],
  });
});

test('the cause is what those that are seen show', () => {
  const silent = { kind: 'silent', category: 'fault' } as const;
  const causes = [
    [child('a'), child('b')],
    [child('a'), child('b', { venueId: 'v2' })],
    [child('a', silent), child('b', silent)],
    [child('a', silent), child('b', { ...silent, measure: 'silentChildren' })],
    [child('a', silent), child('b', { ...silent, measure: 'silentChildren', venueId: 'v2' })],
  ].map((children) => summariseGroup(power, children)?.cause);
  assert.deepEqual(causes, ['buildingPower', 'mainsCut', 'silence', 'gateway', 'silence']);
  assert.equal(summariseGroup(power.replace('power', 'loop'), [child('a')])?.cause, 'loopFault');
  assert.equal(summariseGroup(power.replace('power', 'rate'), [child('a')])?.cause, 'rate');
});

test('an id that is none, and a group of which nothing is seen, have no line', () => {
  assert.equal(summariseGroup('g-else-0-0123456789abcdef', [child('a')]), undefined);
  assert.equal(summariseGroup(power, []), undefined);
});

test('of a group with one alarm left, and of an unknown one, the alarms are the rows', () => {
  const lone = child('a');
  const strange = [child('b', { parentId: 'x' }), child('c', { parentId: 'x' })];
  const { parentId: _none, ...own } = child('d');
  const rows = groupRows<GroupedAlarm>([lone, ...strange, own]);
  assert.deepEqual(
    rows.map((row) => row.kind === 'alarm' && row.alarm),
    [lone, ...strange, own],
  );
});
