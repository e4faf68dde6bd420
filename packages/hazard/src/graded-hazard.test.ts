import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createGradedHazard, type GradedHazardState, type GradedLimit } from './graded-hazard.ts';

const limit = (measure: string, level: GradedLimit['level'], threshold: number): GradedLimit => ({
  measure,
  level,
  direction: 'above',
  threshold,
  deadband: 0.5,
  onDelayMs: 0,
  offDelayMs: 0,
  source: 'ours',
});
const settings = {
  kind: 'contactHeating',
  point: 't1',
  pointId: 't1.temperatureC',
  limits: [limit('ratio', 'attention', 2), limit('ratio', 'alarm', 4), limit('slope', 'warning', 1)],
};

test('the highest level that any quantity holds is told, with its limit and what the engine says of it', () => {
  const hazard = createGradedHazard(settings);
  assert.equal(hazard.read(1, { ratio: 2, slope: 1 }), undefined, 'beyond means above, not at');
  const event = hazard.read(2, { ratio: 2.5, slope: 1.5 }, ({ measure }) => ({
    confidence: 0.9,
    evidence: { measure },
  }));
  assert.deepEqual(event, {
    kind: 'contactHeating',
    point: 't1',
    pointId: 't1.temperatureC',
    active: true,
    level: 'warning',
    at: 2,
    value: 1.5,
    limit: 1,
    measure: 'slope',
    confidence: 0.9,
    evidence: { measure: 'slope' },
  });
  assert.equal(hazard.read(3, { ratio: 3, slope: 2 }), undefined, 'the same level is told once');
  assert.deepEqual(
    [hazard.read(4, { ratio: 3, slope: 0 })].map((e) => [e?.level, e?.measure]),
    [['attention', 'ratio']],
  );
  const end = hazard.read(5, { ratio: 1 });
  assert.deepEqual([end?.active, end?.level, end?.value, end?.limit], [false, 'attention', 1, 2]);
  assert.equal(hazard.active(), undefined);
});

test('an estimate enters a limit only when it is proved and leaves it only by itself', () => {
  const hazard = createGradedHazard({ ...settings, limits: [limit('ratio', 'alarm', 4)] });
  assert.equal(hazard.read(1, { ratio: { estimate: 9, proved: 3.9 } }), undefined, 'doubt raises nothing');
  assert.equal(hazard.read(2, { ratio: { estimate: 9, proved: 4.1 } })?.value, 9);
  assert.equal(hazard.read(3, { ratio: { estimate: 9, proved: 0 } }), undefined, 'doubt ends nothing');
  assert.equal(hazard.read(4, { ratio: { estimate: 3.6, proved: 0 } }), undefined, 'within the dead-band');
  assert.equal(hazard.read(5, { ratio: { estimate: 3.4, proved: 0 } })?.active, false);
});

test('of a limit from above the proof lies on the other side', () => {
  const days: GradedLimit = { ...limit('daysToLimit', 'warning', 7), direction: 'below', deadband: 3 };
  const hazard = createGradedHazard({ ...settings, limits: [days] });
  assert.equal(hazard.read(1, { daysToLimit: { estimate: 2, proved: 8 } }), undefined);
  assert.equal(hazard.read(2, { daysToLimit: { estimate: 2, proved: 6 } })?.value, 2);
  assert.equal(hazard.read(3, { daysToLimit: { estimate: 2, proved: 3_650 } }), undefined);
  assert.equal(hazard.read(4, { daysToLimit: { estimate: 11, proved: 3_650 } })?.active, false);
});

test('values that are unknown change nothing', () => {
  const hazard = createGradedHazard(settings);
  hazard.read(1, { ratio: 5 });
  assert.equal(hazard.read(2, { ratio: NaN, slope: NaN }), undefined);
  assert.equal(hazard.read(3, { ratio: { estimate: NaN, proved: NaN } }), undefined);
  assert.equal(hazard.active()?.level, 'alarm');
});

test('restored from its JSON it holds what it held, and ends it when it is over', () => {
  const before = createGradedHazard(settings);
  before.read(1, { ratio: 5 });
  const hazard = createGradedHazard(settings, JSON.parse(JSON.stringify(before.state())) as GradedHazardState);
  assert.deepEqual(hazard.active(), before.active());
  assert.equal(hazard.read(2, { ratio: 5 }), undefined);
  assert.equal(hazard.read(3, { ratio: 1 })?.active, false);
});

test('limits that make no sense are refused', () => {
  const bad = { ...settings, limits: [limit('ratio', 'alarm', NaN), { ...limit('ratio', 'warning', 1), source: '' }] };
  assert.throws(() => createGradedHazard(bad), { name: 'RangeError', message: /threshold is NaN[^]*source is/ });
});
