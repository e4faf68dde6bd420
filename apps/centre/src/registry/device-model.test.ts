import assert from 'node:assert/strict';
import { test } from 'node:test';
import { genericModels } from './device-model.ts';

test('the generic models have the points of design.md 5.5, in an order that never changes', () => {
  const quantities =
    'voltageV currentA residualCurrentMa activePowerW reactivePowerVar powerFactor frequencyHz thdCurrentPct energyKwh';
  const eight = [1, 2, 3, 4, 5, 6, 7, 8];
  const points = Object.fromEntries(genericModels.map(({ id, points: all }) => [id, all.map((point) => point.id)]));
  assert.deepEqual(points, {
    'generic-terminal': [
      ...eight.flatMap((n) => quantities.split(' ').map((quantity) => `c${n}.${quantity}`)),
      ...eight.map((n) => `t${n}.temperatureC`),
    ],
    'generic-smoke': ['smoke.obscurationPctPerM'],
    'generic-heat': ['heat.temperatureC'],
    'generic-gas': ['gas.lelPct'],
    'generic-gateway': [],
  });
  assert.deepEqual(
    genericModels.filter(({ gateway }) => gateway).map(({ id }) => id),
    ['generic-gateway'],
  );
});
