import assert from 'node:assert/strict';
import { test } from 'node:test';
import { draftOf, settingsOf } from './relay-draft.ts';

const filled = { ...draftOf(undefined), id: 'old', host: ' old.example ', venueIds: 'V1, V2\nV3' };

test('a relay for all names no device; one for some names them however they are separated', () => {
  const shared = { host: 'old.example', port: 5200, keepFrames: 200_000, passReads: true, passDutyChecks: false };
  assert.deepEqual(settingsOf(filled, true, undefined), shared);
  assert.deepEqual(settingsOf(filled, false, undefined), { ...shared, covers: { venueIds: ['V1', 'V2', 'V3'] } });
});

test('without a host, or with a port that is none, nothing is sent', () => {
  assert.equal(settingsOf({ ...filled, host: ' ' }, true, undefined), undefined);
  assert.equal(settingsOf({ ...filled, port: '70000' }, true, undefined), undefined);
  assert.equal(settingsOf({ ...filled, id: '' }, true, undefined), undefined);
});
