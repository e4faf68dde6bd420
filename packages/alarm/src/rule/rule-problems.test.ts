import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultLimitRules } from '../default-rules.ts';
import { isLessSensitive, isLifeSafety } from './is-less-sensitive.ts';
import { defaultResponses } from './default-response.ts';
import { ruleProblems } from './rule-problems.ts';
import { ruleOfLimit, type Rule } from './rule.ts';

const found = defaultLimitRules.find(({ id }) => id === 'heat-alarm');
assert.ok(found);
const heat: Rule = ruleOfLimit(found);
assert.ok(heat.test.kind === 'limit');
const limit = heat.test;
const rate = { kind: 'rate', point: 'heat.temperatureC', riseAtLeast: 10, windowMs: 300_000, endsBelow: 2 } as const;

test('the rules of the product are sound, and each kind says what follows and what to do', () => {
  assert.deepEqual(defaultLimitRules.map(ruleOfLimit).flatMap(ruleProblems), []);
  for (const { kind } of defaultLimitRules) assert.ok(defaultResponses[kind], kind);
});

const faults: readonly (readonly [Partial<Rule>, RegExp])[] = [
  [{ id: 'a b' }, /id is a b: expected 1 to 64/],
  [{ version: 0 }, /version is 0: expected a whole number from 1/],
  [{ kind: ' ' }, /kind is {2}: expected a kind/],
  [{ level: 'worst' as never }, /level is worst/],
  [{ priority: 'P9' as never }, /priority is P9/],
  [{ scope: { models: [] } }, /scope.models is \[\]: expected names, or no list/],
  [{ validFrom: '2026-02-30' }, /validFrom is 2026-02-30: expected a day/],
  [{ validFrom: '2026-03-01', validTo: '2026-02-01' }, /validTo is 2026-02-01: expected a day from 2026-03-01 on/],
  [{ response: { zh: '', en: 'x' } }, /response.zh is : expected words/],
  [{ timeAllowedS: 0 }, /timeAllowedS is 0/],
  [{ source: '' }, /source is : expected a clause/],
  [{ test: { ...limit, threshold: NaN } }, /test.threshold is NaN/],
  [{ test: { ...limit, deadband: -1 } }, /test.deadband is -1/],
  [{ test: { ...limit, point: 'a*b*' } }, /test.point is a\*b\*/],
  [{ test: { ...rate, riseAtLeast: Infinity } }, /test.riseAtLeast is Infinity/],
  [{ test: { ...rate, endsBelow: 11 } }, /test.endsBelow is 11/],
  [{ test: { kind: 'combination', operator: 'and', of: [limit] } }, /test.of is 1: expected 2 to 8 parts/],
  [
    { test: { kind: 'combination', operator: 'or', of: [limit, { ...rate, point: 't*.temperatureC' }] } },
    /test part 2 point is t\*.temperatureC: expected the id of one point/,
  ],
  [{ test: { kind: 'sequence', first: limit, then: rate, withinMs: 0 } }, /test.withinMs is 0/],
  [{ test: { kind: 'count', of: limit, atLeast: 1, windowMs: 1_000 } }, /test.atLeast is 1/],
  [
    { schedule: { speaks: 'within', utcOffsetMin: 480, windows: [{ days: [8], fromMin: 0, toMin: 60 }] } },
    /schedule window 1 is .*: expected days of 1 to 7/,
  ],
];

test('every fault of a rule is told with field, value and expectation', () => {
  for (const [change, expected] of faults) {
    const problems = ruleProblems({ ...heat, ...change });
    assert.equal(problems.length, 1, problems.join('\n'));
    assert.match(problems[0] as string, expected);
  }
});

test('a rule that may stay silent where the one before raised is less sensitive', () => {
  const less = (change: Partial<Rule>): boolean => isLessSensitive({ ...heat, ...change }, heat);
  assert.ok(isLifeSafety(heat) && !isLifeSafety({ kind: 'overVoltage' }));
  assert.deepEqual(
    [
      less({}),
      less({ test: { ...limit, threshold: 54 } }),
      less({ test: { ...limit, onDelayMs: 0 } }),
      less({ test: { ...limit, threshold: 60 } }),
      less({ test: { ...limit, onDelayMs: 60_000 } }),
      less({ test: { ...limit, ignoreBelow: 20 } }),
      less({ level: 'warning' }),
      less({ priority: 'P1' }),
      less({ priority: 'P2' }),
      less({ test: { kind: 'off' } }),
      less({ test: rate }),
      less({ schedule: { speaks: 'within', utcOffsetMin: 0, windows: [{ days: [1], fromMin: 0, toMin: 60 }] } }),
    ],
    [false, false, false, true, true, true, true, false, true, true, true, true],
  );
  const low: Rule = { ...heat, test: { ...limit, direction: 'below', threshold: 198 } };
  assert.ok(isLessSensitive({ ...low, test: { ...low.test, threshold: 190 } as never }, low));
});
