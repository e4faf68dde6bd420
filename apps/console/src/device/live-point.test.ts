import assert from 'node:assert/strict';
import test from 'node:test';
import type { Point } from '@fengsui/protocol';
import { choosePoint, livePoint } from './live-point.ts';

const point = (id: string, value?: number): Point => ({
  id,
  unit: '',
  family: 'electricity',
  limits: [],
  ...(value === undefined ? {} : { value, at: 1_000 }),
});

test('the newer of API and feed is shown', () => {
  const values = new Map([['d1/c1.currentA', { at: 2_000, value: 9 }]]);
  assert.equal(livePoint(point('c1.currentA', 4), 'd1', values).value, 9);
  assert.equal(livePoint({ ...point('c1.currentA', 4), at: 3_000 }, 'd1', values).value, 4);
  assert.equal(livePoint(point('c1.currentA'), 'd1', values).value, 9);
  assert.equal(livePoint(point('c1.currentA', 4), 'd1', undefined).value, 4);
});

test('an alarm that names a prefix leads to the main quantity of that prefix', () => {
  const points = [
    point('c1.voltageV', 230),
    point('c1.currentA', 1),
    point('c2.voltageV', 230),
    point('c2.currentA', 2),
    point('t1.temperatureC', 30),
  ];
  assert.equal(choosePoint(points, 'c2')?.id, 'c2.currentA');
  assert.equal(choosePoint(points, 'c2.voltageV')?.id, 'c2.voltageV');
  assert.equal(choosePoint(points, 't1')?.id, 't1.temperatureC');
  assert.equal(choosePoint(points, undefined)?.id, 'c1.currentA');
});

test('points that ever had a value are preferred', () => {
  assert.equal(choosePoint([point('c1.currentA'), point('c2.currentA', 2)], undefined)?.id, 'c2.currentA');
  assert.equal(choosePoint([point('c1.currentA')], undefined)?.id, 'c1.currentA');
  assert.equal(choosePoint([], 'c1'), undefined);
});
