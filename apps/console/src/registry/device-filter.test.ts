import assert from 'node:assert/strict';
import test from 'node:test';
import { deviceQueryOf, toggledState } from './device-filter.ts';

test('the URL is the filter; words the API does not know and blanks are left out', () => {
  assert.deepEqual(
    deviceQueryOf({ q: ' GW ', venue: '', family: 'smoke', life: 'sold', state: 'fault,broken,silent' }),
    {
      q: 'GW',
      family: 'smoke',
      state: 'silent,fault',
    },
  );
  assert.deepEqual(deviceQueryOf({ point: 'c1.currentA' }), {});
});

test('a state is switched on and off, and being online ends being asked for offline', () => {
  assert.equal(toggledState(undefined, 'fault'), 'fault');
  assert.equal(toggledState('fault', 'fault'), undefined);
  assert.equal(toggledState('offline,fault', 'online'), 'fault,online');
});
