import assert from 'node:assert/strict';
import test from 'node:test';
import { presenceOf } from './device-presence.ts';

const lastReportAt = '2026-11-22T00:00:00+08:00';

test('the feed knows newer than the list, and a device in stock is not missed', () => {
  assert.equal(presenceOf({ online: false, silent: true, life: 'active', lastReportAt }, true), 'online');
  assert.equal(presenceOf({ online: false, silent: true, life: 'active', lastReportAt }), 'silent');
  assert.equal(presenceOf({ online: true, life: 'active', lastReportAt }, false), 'offline');
  assert.equal(presenceOf({ online: false, life: 'active' }), 'never');
  assert.equal(presenceOf({ online: false, life: 'inStock' }), 'notInPlace');
});
