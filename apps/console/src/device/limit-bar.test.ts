import assert from 'node:assert/strict';
import test from 'node:test';
import { exceededLevel, limitBar, type PointLimit } from './limit-bar.ts';

const above = (threshold: number, level: PointLimit['level'] = 'alarm'): PointLimit => ({
  kind: 'x',
  level,
  direction: 'above',
  threshold,
});
const below = (threshold: number): PointLimit => ({ kind: 'x', level: 'warning', direction: 'below', threshold });

test('the bar runs from zero to a quarter beyond the highest limit', () => {
  assert.deepEqual(limitBar(50, [above(80)]), { fill: 0.5, ticks: [{ at: 0.8, level: 'alarm' }] });
  assert.equal(limitBar(500, [above(80)])?.fill, 1);
});

test('with a lower limit the bar shows the band between the limits', () => {
  const bar = limitBar(220, [below(200), above(240)]);
  assert.deepEqual(bar, {
    fill: 0.5,
    ticks: [
      { at: 10 / 60, level: 'warning' },
      { at: 50 / 60, level: 'alarm' },
    ],
  });
});

test('without a value or without limits there is no bar', () => {
  assert.equal(limitBar(undefined, [above(80)]), undefined);
  assert.equal(limitBar(Number.NaN, [above(80)]), undefined);
  assert.equal(limitBar(5, []), undefined);
});

test('the worst level that is exceeded counts, and a value on a limit is inside', () => {
  const limits = [above(70, 'warning'), above(85), below(-10)];
  assert.equal(exceededLevel(85, limits), 'warning');
  assert.equal(exceededLevel(85.1, limits), 'alarm');
  assert.equal(exceededLevel(70, limits), undefined);
  assert.equal(exceededLevel(-11, limits), 'warning');
  assert.equal(exceededLevel(undefined, limits), undefined);
});
