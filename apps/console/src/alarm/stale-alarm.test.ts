import assert from 'node:assert/strict';
import test from 'node:test';
import { isStaleAlarm } from './stale-alarm.ts';

test('what is there for more than 24 hours is stale, what is over is not', () => {
  const raisedAt = '2026-11-22T08:00:00+08:00';
  const day = Date.parse('2026-11-23T08:00:00+08:00');
  assert.equal(isStaleAlarm({ raisedAt }, day), false);
  assert.equal(isStaleAlarm({ raisedAt }, day + 1), true);
  assert.equal(isStaleAlarm({ raisedAt, clearedAt: '2026-11-22T09:00:00+08:00' }, day + 1), false);
});
