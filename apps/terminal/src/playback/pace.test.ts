import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPace } from './pace.ts';

test('at speed 1 a sample is due at its place in the signal and stamped with it', () => {
  const pace = createPace(1, 1000);
  assert.equal(pace.waitMs(500, 1100), 400);
  assert.equal(pace.waitMs(550, 1600), 0);
  assert.equal(pace.stamp(550, 1600), 1550);
});

test('at ten times the speed a sample is due after a tenth of its time', () => {
  const pace = createPace(10, 1000);
  assert.equal(pace.waitMs(500, 1000), 50);
});

test('a slow playback waits long steps out', () => {
  const pace = createPace(0.01, 0);
  assert.equal(pace.waitMs(50, 0), 5000);
  assert.equal(pace.waitMs(100, 5000), 5000);
});

test('after a pause of the machine or a set clock, signal time is tied to the clock anew', () => {
  const pace = createPace(1, 0);
  assert.equal(pace.waitMs(50, 0), 50);
  assert.equal(pace.waitMs(100, 60_000), 0);
  assert.equal(pace.stamp(100, 60_000), 60_000);
  assert.equal(pace.waitMs(150, 60_000), 50);
  // The clock is set back by an hour.
  assert.equal(pace.waitMs(200, 60_000 - 3_600_000), 0);
  assert.equal(pace.stamp(200, 60_000 - 3_600_000), 60_000 - 3_600_000);
});

test('at any other speed than 1 stamps are the time of writing, rising by 1 ms at least', () => {
  const pace = createPace(Infinity, 0);
  assert.equal(pace.waitMs(1e9, 0), 0);
  assert.deepEqual([pace.stamp(1e9, 5), pace.stamp(2e9, 5), pace.stamp(3e9, 90)], [5, 6, 90]);
});

test('a speed that is not above 0 is refused', () => {
  for (const speed of [0, -1, NaN]) assert.throws(() => createPace(speed, 0), RangeError);
});
