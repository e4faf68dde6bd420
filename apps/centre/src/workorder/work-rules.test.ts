import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { centreFaultKinds, defaultClassification } from '@fengsui/alarm';
import { defaultWorkRules, loadWorkRules, readWorkRules } from './work-rules.ts';

const own = JSON.parse(readFileSync(path.join(import.meta.dirname, 'default-work-rules.json'), 'utf8')) as Record<
  string,
  unknown
>;
const problemsOf = (change: object): readonly string[] => {
  const read = readWorkRules(JSON.stringify({ ...own, ...change }));
  return 'problems' in read ? read.problems : [];
};

test('the rules of the product name every kind of fault the product knows', () => {
  const named = Object.keys(own['kinds'] as object);
  const faults = Object.entries(defaultClassification).filter(([, { warning }]) => warning.category === 'fault');
  const known = [...faults.map(([kind]) => kind), ...centreFaultKinds].filter((kind) => kind !== 'workOrderOverdue');
  const unsaid = known.filter(
    (kind) => !named.includes(kind) && defaultClassification[kind as 'silent'].warning.category === 'fault',
  );
  assert.deepEqual(unsaid, []);
});

test('minutes and hours are read, and a kind nobody names follows the rule for others', () => {
  assert.equal(defaultWorkRules.ofKind('silent').openAfterMs, 30 * 60_000);
  assert.equal(defaultWorkRules.ofKind('pumpFault').openAfterMs, 30 * 60_000);
  assert.deepEqual(
    [defaultWorkRules.ofKind('clonedIdentity').joins, defaultWorkRules.ofKind('clonedIdentity').openAfterMs],
    [false, undefined],
  );
  assert.deepEqual([defaultWorkRules.dueMs.P1, defaultWorkRules.dueMs.P3], [4 * 3_600_000, 24 * 3_600_000]);
});

test('what is wrong with a file of rules is said with its place', () => {
  assert.match(problemsOf({ freshMin: -1 }).join(), /\/freshMin: must be >= 0/);
  assert.match(problemsOf({ dueHours: { P1: 1, P2: 2, P3: 3 } }).join(), /\/dueHours.*P4/);
  assert.match(problemsOf({ escalateAfterHours: [24, 0] }).join(), /expected rising numbers/);
  assert.match(problemsOf({ typo: 1 }).join(), /must not have additional properties/);
  assert.throws(() => loadWorkRules('/nowhere/rules.json'), /work\.rules \/nowhere\/rules\.json: ENOENT/);
});
