import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limitRuleProblems } from '@fengsui/alarm';
import { circuitProblems, defaultOverloadBands, overloadRules } from './overload.ts';

test('the bands of a 16 A circuit begin at 1, 1.13 and 1.45 times its rated current', () => {
  const rules = overloadRules({ prefix: 'c1', ratedA: 16 });
  assert.deepEqual(
    rules.map(({ id, point, level, threshold, onDelayMs }) => [id, point, level, threshold.toFixed(2), onDelayMs]),
    [
      ['overload-attention-c1', 'c1.currentA', 'attention', '16.00', 600_000],
      ['overload-warning-c1', 'c1.currentA', 'warning', '18.08', 60_000],
      ['overload-alarm-c1', 'c1.currentA', 'alarm', '23.20', 3_000],
    ],
  );
  assert.deepEqual(rules.flatMap(limitRuleProblems), []);
  for (const rule of rules) assert.ok(Math.abs(rule.deadband - 0.8) < 1e-12);
});

test('every band says where its numbers come from', () => {
  for (const { source } of defaultOverloadBands) assert.match(source, /\[M\]|ours/);
});

test('a circuit without a usable prefix or rated current is refused', () => {
  assert.deepEqual(circuitProblems({ prefix: 'c1', ratedA: 16 }), []);
  assert.deepEqual(circuitProblems({ prefix: 'c*', ratedA: 0 }), [
    'circuit "c*": expected a prefix of points such as c1',
    'circuit "c*": ratedA is 0: expected a rated current above 0 A',
  ]);
  for (const ratedA of [-1, NaN, Infinity]) {
    assert.throws(() => overloadRules({ prefix: 'c1', ratedA }), { name: 'RangeError', message: /ratedA is/ });
  }
});
