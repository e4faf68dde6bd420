import assert from 'node:assert/strict';
import test from 'node:test';
import { captureIdOf } from './capture-id.ts';

test('a capture is addressed by its device and its id', () => {
  assert.equal(captureIdOf({ deviceId: 'T-1', captureId: 'ovl.7' }), 'T-1:ovl.7');
  assert.equal(captureIdOf({ deviceId: 'T-1', captureId: 'T-1:ovl.7' }), 'T-1:ovl.7');
  assert.equal(captureIdOf({ deviceId: 'T-1' }), undefined);
});
