import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classify } from './classification.ts';
import { defaultLimitRules, obscurationPctPerMOf } from './default-rules.ts';
import { limitRuleProblems, matchesPoint } from './limit-rule.ts';

const rulesOn = (pointId: string) => defaultLimitRules.filter((rule) => matchesPoint(rule, pointId));

test('the default limits are sound, known by kind, and told apart by id', () => {
  assert.deepEqual(defaultLimitRules.flatMap(limitRuleProblems), []);
  assert.equal(new Set(defaultLimitRules.map((rule) => rule.id)).size, defaultLimitRules.length);
  for (const rule of defaultLimitRules) {
    assert.equal(classify(rule.kind, rule.level).unmapped, undefined, rule.kind);
    assert.match(rule.source, /\[[PSCM]\]|ours/, `${rule.id} says where its numbers come from`);
  }
});

test('the points of the generic models are watched at the numbers of the field’s default bands', () => {
  const numbers = (pointId: string) =>
    rulesOn(pointId).map(({ kind, level, threshold }) => `${kind} ${level} ${threshold}`);
  assert.deepEqual(numbers('t8.temperatureC'), ['overTemperature warning 70', 'overTemperature alarm 85']);
  assert.deepEqual(numbers('c1.residualCurrentMa'), ['residualCurrent warning 300', 'residualCurrent alarm 500']);
  assert.deepEqual(numbers('gas.lelPct'), ['gas warning 20', 'gas alarm 50']);
  assert.deepEqual(numbers('heat.temperatureC'), ['heat warning 50', 'heat alarm 57']);
  assert.deepEqual(numbers('c3.voltageV'), [
    'overVoltage warning 242',
    'overVoltage alarm 275',
    'underVoltage warning 198',
    'underVoltage alarm 165',
  ]);
  assert.deepEqual(numbers('c1.currentA'), [], 'overload needs the rated current');
  assert.deepEqual(
    rulesOn('t1.temperatureC').map((rule) => rule.onDelayMs),
    [3_000, 3_000],
  );
});

test('a higher level of a kind lies farther out, and neither dead-band reaches over the other limit’s', () => {
  for (const alarm of defaultLimitRules.filter((rule) => rule.level === 'alarm')) {
    const warning = defaultLimitRules.find((rule) => rule.kind === alarm.kind && rule.level === 'warning');
    assert.ok(warning, alarm.kind);
    const sign = alarm.direction === 'above' ? 1 : -1;
    assert.ok(sign * (alarm.threshold - warning.threshold) >= alarm.deadband, alarm.kind);
  }
});

test('nominal values of a healthy place are far from every limit', () => {
  const healthy = {
    'c1.voltageV': 230,
    't1.temperatureC': 45,
    'smoke.obscurationPctPerM': 0.3,
    'heat.temperatureC': 35,
  };
  for (const [pointId, value] of Object.entries(healthy)) {
    for (const rule of rulesOn(pointId)) {
      assert.ok(rule.direction === 'above' ? value < rule.threshold - rule.deadband : value > rule.threshold, rule.id);
    }
  }
});

test('smoke limits lie in the range of point detectors after conversion from dB/m', () => {
  // 10·lg(P0/P) = 3.0103 dB/m leaves half the light, 10 dB/m a tenth.
  assert.ok(Math.abs(obscurationPctPerMOf(10 * Math.log10(2)) - 50) < 1e-12);
  assert.ok(Math.abs(obscurationPctPerMOf(10) - 90) < 1e-12);
  assert.equal(obscurationPctPerMOf(0), 0);
  const [warning, alarm] = rulesOn('smoke.obscurationPctPerM');
  assert.ok(warning && alarm);
  assert.equal(warning.threshold, Number(obscurationPctPerMOf(0.1).toFixed(2)));
  assert.equal(alarm.threshold, Number(obscurationPctPerMOf(0.2).toFixed(2)));
  assert.ok(warning.threshold >= obscurationPctPerMOf(0.05) && alarm.threshold <= obscurationPctPerMOf(0.5));
});
