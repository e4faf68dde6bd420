import assert from 'node:assert/strict';
import test from 'node:test';
import type { Device, Point } from '@fengsui/protocol';
import { chooseCurves, electricQuantityOf, familiesOf, newestOfDevices, type DevicePoints } from './choose-curves.ts';

const device = (id: string): Device => ({
  id,
  model: 'generic-terminal',
  venueId: 'v1',
  family: 'electricity',
  origin: 'simulated',
  online: true,
  reportingIntervalMs: 1_000,
  life: 'active',
});
const point = (id: string, value?: number): Point => ({
  id,
  unit: '',
  family: 'electricity',
  limits: [],
  ...(value === undefined ? {} : { value }),
});
const source = (id: string, ...points: Point[]): DevicePoints => ({ device: device(id), points });
const names = (choice: ReturnType<typeof chooseCurves>): string[] =>
  choice.curves.map(({ device: d, point: p }) => `${d.id}/${p.id}`);

test('a pane holds one quantity, of points that ever had a value', () => {
  const sources = [
    source(
      't1',
      point('c1.currentA', 1),
      point('c1.voltageV', 230),
      point('c2.currentA'),
      point('t1.temperatureC', 30),
    ),
  ];
  assert.deepEqual(names(chooseCurves(sources, 'electricity', 'currentA', new Set())), ['t1/c1.currentA']);
  assert.deepEqual(names(chooseCurves(sources, 'electricity', 'voltageV', new Set())), ['t1/c1.voltageV']);
  assert.deepEqual(names(chooseCurves(sources, 'temperature', 'currentA', new Set())), ['t1/t1.temperatureC']);
  assert.deepEqual(names(chooseCurves(sources, 'gas', 'currentA', new Set())), []);
});

test('alarming devices come first, the rest by number, and what is left out is counted', () => {
  const sources = ['t10', 't2', 't1', 't9'].map((id) => source(id, point('c1.currentA', 1), point('c2.currentA', 1)));
  const choice = chooseCurves(sources, 'electricity', 'currentA', new Set(['t9']), 5);
  assert.deepEqual(names(choice), [
    't9/c1.currentA',
    't9/c2.currentA',
    't1/c1.currentA',
    't1/c2.currentA',
    't2/c1.currentA',
  ]);
  assert.equal(choice.hiddenCount, 3);
});

test('an unknown quantity of an old link falls back to the current', () => {
  assert.equal(electricQuantityOf('activePowerW'), 'activePowerW');
  assert.equal(electricQuantityOf('charm'), 'currentA');
});

test('the newest value of a device is the newest of its points, and silence has none', () => {
  const sources = [
    source('a', { ...point('c1.currentA', 1), at: 5 }, { ...point('c2.currentA', 1), at: 9 }),
    source('b', point('c1.currentA')),
    source('c'),
  ];
  assert.deepEqual([...newestOfDevices(sources)], [['a', 9]]);
});

test('a family that a model brings has a pane of its own, below the four', () => {
  const leak: Point = { ...point('leak.levelMm', 3), unit: 'mm', family: 'leak' };
  const sources = [source('w1', leak, { ...point('leak.batteryPct', 80), family: 'leak' })];
  assert.deepEqual(familiesOf(sources).slice(4), ['leak']);
  assert.deepEqual(names(chooseCurves(sources, 'leak', 'currentA', new Set())), ['w1/leak.levelMm']);
  assert.deepEqual(familiesOf([]), ['electricity', 'temperature', 'smoke', 'gas']);
});
