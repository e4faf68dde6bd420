import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gbClassification } from '@fengsui/protocol';
import { genericModels, readDeviceModel } from './device-model.ts';
import { leakModel as pit } from './leak-model.fixture.ts';
import { Registry } from './registry.ts';

const problemsOf = (change: object): readonly string[] => {
  const read = readDeviceModel(JSON.stringify({ ...pit, ...change }), 'pit.json');
  return 'problems' in read ? read.problems : [];
};

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
    'generic-uitd': [],
    'generic-water-pressure': ['water.pressureKpa'],
    'generic-pyrolysis': ['pyrolysis.setPointPct'],
  });
  assert.deepEqual(
    genericModels.filter(({ gateway }) => gateway).map(({ id }) => id),
    ['generic-gateway'],
  );
});

test('a UITD says what its protocol says, at the urgency of its protocol', () => {
  const registry = new Registry();
  for (const [kind, levels] of Object.entries(gbClassification)) {
    for (const level of ['attention', 'warning', 'alarm'] as const)
      assert.deepEqual(registry.classify('generic-uitd', kind, level), { classification: levels[level] }, kind);
  }
});

test('a sound file is a model', () => {
  assert.deepEqual(readDeviceModel(`\uFEFF${JSON.stringify(pit)}`, 'pit.json'), { model: pit });
});

test('what is wrong is said with file, field, value and expectation', () => {
  const broken = readDeviceModel('{"id":', 'pit.json');
  assert.ok('problems' in broken && broken.problems[0]?.startsWith('pit.json: is not JSON: '), JSON.stringify(broken));
  assert.deepEqual(problemsOf({ reportingIntervalMs: 5 }), ['pit.json: reportingIntervalMs is 5: must be >= 1000']);
  assert.deepEqual(problemsOf({ points: [{ id: 'leak', unit: 'mm', family: 'leak' }] }).length, 1);
  assert.match(
    problemsOf({ points: [{ id: 'leak', unit: 'mm', family: 'leak' }] })[0] ?? '',
    /points\.0\.id is "leak"/,
  );
  assert.deepEqual(problemsOf({ colour: 'red' }), ['pit.json: colour: is not a field of a model']);
  const twice = problemsOf({ points: [...pit.points, ...pit.points] });
  assert.deepEqual(twice, ['pit.json: points.1.id is "leak.levelMm": expected another name than points.0.id']);
  const nowhere = problemsOf({ limits: [{ ...pit.limits[0], point: 'leak.levelCm' }] });
  assert.deepEqual(nowhere, ['pit.json: limits.0.point is "leak.levelCm": expected a point of this model']);
  const urgency = { category: 'panic', priority: 'P1' };
  const category = problemsOf({
    events: [{ kind: 'leak', classification: { attention: urgency, warning: urgency, alarm: urgency } }],
  });
  assert.match(category[0] ?? '', /events\.0\.classification\.attention\.category is "panic": must be one of fire, /);
});

test('a kind the model lists is no stranger; one it does not list is marked', () => {
  const registry = new Registry();
  registry.apply({ kind: 'modelPut', model: pit as never });
  assert.equal(registry.classify('acme-pit', 'leak', 'alarm').unmapped, undefined);
  assert.equal(registry.classify('acme-pit', 'flood', 'alarm').unmapped, true);
  assert.deepEqual(registry.classify('generic-pyrolysis', 'pyrolysis', 'alarm').classification, {
    category: 'warning',
    priority: 'P1',
  });
  assert.equal(registry.classify('generic-smoke', 'pyrolysis', 'alarm').unmapped, true);
});

test('an older version never takes the place of a newer one', () => {
  const registry = new Registry();
  registry.apply({ kind: 'modelPut', model: { ...pit, version: 3 } as never });
  registry.apply({ kind: 'modelPut', model: { ...pit, version: 2 } as never });
  assert.equal(registry.model('acme-pit')?.version, 3);
});
