import assert from 'node:assert/strict';
import test from 'node:test';
import { formatClock, formatInstant, formatNear, toEpochMs } from './instant.ts';

// Local-time constructors make the expectation independent of the zone the test runs in.
const noon = new Date(2026, 10, 21, 12, 3, 5).getTime();

test('an instant reads the same in every language', () => {
  assert.equal(formatClock(noon), '12:03:05');
  assert.equal(formatInstant(noon), '2026-11-21 12:03:05');
});

test('an instant of today shows the clock, another day shows its date too', () => {
  assert.equal(formatNear(noon, noon + 3_600_000), '12:03:05');
  assert.equal(formatNear(noon, noon + 24 * 3_600_000), '2026-11-21 12:03:05');
});

test('an unknown or unreadable instant is a dash', () => {
  for (const bad of [undefined, 'yesterday', Number.NaN]) assert.equal(formatInstant(bad), '–');
  assert.equal(toEpochMs('yesterday'), undefined);
  assert.equal(toEpochMs('2026-11-21T12:00:00+08:00'), Date.UTC(2026, 10, 21, 4));
});
