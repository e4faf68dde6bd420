import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeviceRecord } from '../registry/registry-change.ts';
import { Registry } from '../registry/registry.ts';
import { findDevices, type DeviceQuery } from './device-list.ts';
import { Situation } from './situation.ts';

const basis = { model: 'generic-smoke', venueId: 'V1', origin: 'live', reportingIntervalMs: 60_000 } as const;
const devices: readonly DeviceRecord[] = [
  { ...basis, id: 'S2', name: '走廊', testedAt: 1 },
  { ...basis, id: 'S1', areaId: 'R1' },
  { ...basis, id: 'S3', origin: 'simulated', venueId: 'V2' },
  { ...basis, id: 'S4', life: 'retired' },
  { ...basis, id: 'U1', model: 'generic-uitd', gb: { address: '4d3c2b1a0000' } },
];
const situation = new Situation(new Registry());
situation.registry.apply({ kind: 'areaPut', area: { id: 'R1', venueId: 'V1', kind: 'room', name: '配电间' } });
for (const device of devices) situation.registry.apply({ kind: 'devicePut', device });
situation.deviceStates.set('S1', { online: false, changedAt: 0, silentSince: 5 });
situation.deviceStates.set('S2', { online: true, changedAt: 0 });
situation.lastReceivedAt.set('S1', 1);

const found = (query: DeviceQuery, venues: 'all' | readonly string[] = 'all'): readonly string[] =>
  findDevices(situation, { venues }, query).map(({ id }) => id);

test('devices come in the order of their ids, and none of another scope', () => {
  assert.deepEqual(found({}), ['S1', 'S2', 'S3', 'S4', 'U1']);
  assert.deepEqual(found({}, ['V2']), ['S3']);
  assert.deepEqual(found({}, []), []);
});

test('a text is looked for in id, name, area and address', () => {
  assert.deepEqual(found({ text: ' s1 ' }), ['S1']);
  assert.deepEqual(found({ text: '走廊' }), ['S2']);
  assert.deepEqual(found({ text: '配电' }), ['S1']);
  assert.deepEqual(found({ text: '2B1A' }), ['U1']);
});

test('states are all asked for at once; simulated and retired devices need no test', () => {
  assert.deepEqual(found({ states: ['online'] }), ['S2']);
  assert.deepEqual(found({ states: ['silent', 'offline'] }), ['S1']);
  assert.deepEqual(found({ states: ['neverTested'] }), ['S1', 'U1']);
  assert.deepEqual(found({ states: ['neverReported'], family: 'smoke', life: 'active' }), ['S2', 'S3']);
  assert.deepEqual(found({ life: 'retired' }), ['S4']);
  assert.deepEqual(found({ states: ['identitySuspect'] }), []);
});
