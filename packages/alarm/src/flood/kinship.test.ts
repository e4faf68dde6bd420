import assert from 'node:assert/strict';
import { test } from 'node:test';
import { categories, priorities } from '../words.ts';
import { kinshipOf, type GroupableAlarm } from './kinship.ts';

const cut: GroupableAlarm = {
  id: 'a1',
  kind: 'underVoltage',
  category: 'warning',
  priority: 'P2',
  origin: 'live',
  venueId: 'v1',
  deviceId: 'd1',
  pointId: 'c1',
  raisedAt: 0,
};

test('fire, P1, and whatever tells of fire or gas at any level have no kin', () => {
  for (const kind of ['smoke', 'heat', 'gas', 'manualAlarm', 'fire', 'fireIndication', 'localAction'])
    for (const category of categories)
      for (const priority of priorities) assert.equal(kinshipOf({ ...cut, kind, category, priority }), undefined);
  assert.equal(kinshipOf({ ...cut, priority: 'P1' }), undefined);
  assert.equal(kinshipOf({ ...cut, category: 'fire' }), undefined);
});

test('a P2 that is neither of the supply nor of a loop has no kin', () => {
  assert.equal(kinshipOf({ ...cut, kind: 'arc' }), undefined);
  assert.equal(kinshipOf({ ...cut, kind: 'arc', priority: 'P3' })?.lane, 'rate');
});

test('what became worse more than a minute after it was raised has no kin any more', () => {
  assert.equal(kinshipOf({ ...cut, escalatedAt: 60_000 })?.lane, 'power');
  assert.equal(kinshipOf({ ...cut, escalatedAt: 60_001 }), undefined);
});

test('a fault behind a transmission device is of the loop of its system, a fault of another device is not', () => {
  const part = { ...cut, kind: 'fault', category: 'fault', priority: 'P3' } as const;
  const lanes = ['s1-2-p03000c00', 's1-2', 'p1', 'c1', ''].map((pointId) => kinshipOf({ ...part, pointId })?.lane);
  assert.deepEqual(lanes, ['loop', 'loop', 'rate', 'rate', 'rate']);
});

test('an instant that is no number has no kin', () => {
  assert.equal(kinshipOf({ ...cut, raisedAt: NaN }), undefined);
});
