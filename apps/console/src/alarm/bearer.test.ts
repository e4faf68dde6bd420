import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bearerOf } from './bearer.ts';

test('what the centre says of itself and of its lines is told from a device', () => {
  assert.deepEqual(bearerOf({ deviceId: 'centre', venueId: '' }), { kind: 'centre' });
  assert.deepEqual(bearerOf({ deviceId: 'relay:old', venueId: '' }), { kind: 'relay', id: 'old' });
  assert.deepEqual(bearerOf({ deviceId: 'rollout:r:1', venueId: '' }), { kind: 'rollout', id: 'r:1' });
  assert.deepEqual(bearerOf({ deviceId: 'source:maker', venueId: 'shop-1' }), { kind: 'source', id: 'maker' });
});

test('a device is a device, whatever its name begins with', () => {
  assert.equal(bearerOf({ deviceId: 'term-1', venueId: 'shop-1' }), undefined);
  assert.equal(bearerOf({ deviceId: 'relay-7', venueId: 'shop-1' }), undefined);
  assert.equal(bearerOf({ deviceId: 'centre', venueId: 'mall' }), undefined);
});
