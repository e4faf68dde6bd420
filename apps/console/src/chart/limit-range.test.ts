import assert from 'node:assert/strict';
import test from 'node:test';
import { distinctLimits, paneRange, type LimitLine } from './limit-range.ts';

const above = (threshold: number, level: LimitLine['level'] = 'alarm'): LimitLine => ({
  threshold,
  level,
  direction: 'above',
});
const below = (threshold: number): LimitLine => ({ threshold, level: 'warning', direction: 'below' });

test('the nearest limit is always in sight, further ones are not forced in', () => {
  const [low, high] = paneRange(20, 40, [above(85), above(70, 'warning')]);
  assert.equal(low, 0);
  assert.ok(high > 70 && high < 85, String(high));
});

test('a limit from below is in sight too', () => {
  const [low, high] = paneRange(228, 232, [above(253), below(198)]);
  assert.ok(low < 198 && high > 253);
});

test('a flat line and no data at all still have a range', () => {
  const [low, high] = paneRange(5, 5, []);
  assert.ok(low < 5 && high > 5);
  assert.deepEqual(paneRange(null, null, []), [0, 1]);
  const [bottom, top] = paneRange(0, 0, []);
  assert.ok(top > bottom);
});

test('equal limits of several points are one line with the worst level', () => {
  assert.deepEqual(distinctLimits([above(85, 'warning'), above(85, 'alarm'), above(70, 'warning'), below(85)]), [
    above(70, 'warning'),
    above(85, 'alarm'),
    below(85),
  ]);
});
