import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limitRuleProblems, matchesPoint, type LimitRule } from './limit-rule.ts';

const sound: LimitRule = {
  id: 'r1',
  kind: 'gas',
  level: 'alarm',
  point: 'gas.lelPct',
  direction: 'above',
  threshold: 50,
  deadband: 5,
  onDelayMs: 0,
  offDelayMs: 0,
  source: 'ours',
};

test('a pattern stands for points of one quantity under any prefix that its head allows', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['t*.temperatureC', 't1.temperatureC', true],
    ['t*.temperatureC', 't12.temperatureC', true],
    ['t*.temperatureC', 't.temperatureC', false],
    ['t*.temperatureC', 'heat.temperatureC', false],
    ['t*.temperatureC', 't1.x.temperatureC', false],
    ['t*.temperatureC', 't1.temperatureC2', false],
    ['t*t', 't', false],
    ['*.temperatureC', 'heat.temperatureC', true],
    ['c1.*', 'c1.currentA', true],
    ['gas.lelPct', 'gas.lelPct', true],
    ['gas.lelPct', 'gas.lelPct2', false],
  ];
  for (const [point, pointId, covers] of cases) {
    assert.equal(matchesPoint({ point }, pointId), covers, `${point} and ${pointId}`);
  }
});

test('a sound rule has no problems', () => {
  assert.deepEqual(limitRuleProblems(sound), []);
  assert.deepEqual(limitRuleProblems({ ...sound, ignoreBelow: 0 }), []);
});

test('every problem of a rule is named with its value and what is expected', () => {
  const bad = {
    ...sound,
    id: ' ',
    kind: '',
    level: 'high',
    point: 't*.*',
    direction: 'over',
    threshold: NaN,
    deadband: -1,
    onDelayMs: Infinity,
    offDelayMs: -5,
    ignoreBelow: NaN,
    source: '',
  } as unknown as LimitRule;
  const problems = limitRuleProblems(bad);
  assert.equal(problems.length, 11);
  assert.equal(problems[2], 'limit rule " ": level is high: expected one of attention, warning, alarm');
  assert.equal(problems[3], 'limit rule " ": point is t*.*: expected a point id, or a pattern with one *');
  assert.equal(problems[7], 'limit rule " ": onDelayMs is Infinity: expected milliseconds from 0');
});
