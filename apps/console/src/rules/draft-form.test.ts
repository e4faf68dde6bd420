import assert from 'node:assert/strict';
import test from 'node:test';
import type { RuleDraft, RuleVersion } from '@fengsui/protocol';
import { draftOf, formOf, withTestKind } from './draft-form.ts';

const limit = {
  kind: 'limit',
  point: 'a.x',
  direction: 'below',
  threshold: -2.5,
  deadband: 0.5,
  onDelayMs: 1_100,
  offDelayMs: 0,
  ignoreBelow: 30,
} as const;
const rate = { kind: 'rate', point: 't*.temperatureC', riseAtLeast: 10, windowMs: 300_000, endsBelow: 2 } as const;

const tests: readonly RuleDraft['test'][] = [
  limit,
  rate,
  { kind: 'combination', operator: 'or', of: [limit, { ...rate, point: 'b.y' }, limit] },
  { kind: 'sequence', first: { ...rate, point: 'b.y' }, then: limit, withinMs: 90_000 },
  { kind: 'count', of: limit, atLeast: 3, windowMs: 600_000 },
  { kind: 'off' },
];

const version = (test_: RuleDraft['test']): RuleVersion => ({
  id: 'own',
  version: 3,
  kind: 'heat',
  level: 'alarm',
  priority: 'P1',
  scope: { models: ['m1', 'm2'], venueClasses: ['school'], jurisdictions: ['O1'] },
  validFrom: '2026-11-01',
  validTo: '2027-03-31',
  test: test_,
  schedule: {
    speaks: 'outside',
    utcOffsetMin: 480,
    windows: [{ days: [1, 5], fromMin: 485, toMin: 30 }],
  },
  consequence: { zh: '火', en: 'fire' },
  response: { zh: '看', en: 'look' },
  timeAllowedS: 90,
  source: 'ours',
  state: 'on',
  isOfProduct: false,
  isLifeSafety: true,
  isLessSensitive: false,
  lines: [],
});

test('a form that nobody touches says what the version said, of each kind of test', () => {
  for (const one of tests) {
    const {
      id: _id,
      version: _v,
      state: _s,
      isOfProduct: _p,
      isLifeSafety: _l,
      isLessSensitive: _i,
      lines: _n,
      ...draft
    } = version(one);
    assert.deepEqual(draftOf(formOf(version(one))), draft);
  }
});

test('another kind of test keeps the parts that fit it, and has as many as it needs', () => {
  const form = formOf(version(tests[2] ?? limit));
  const counts = (['limit', 'count', 'sequence', 'combination', 'off'] as const).map(
    (kind) => withTestKind(form, kind).parts.length,
  );
  assert.deepEqual(counts, [1, 1, 2, 3, 1]);
  assert.equal(draftOf(withTestKind(form, 'rate')).test.kind, 'rate');
  assert.equal(withTestKind(formOf(undefined), 'sequence').parts.length, 2);
});

test('what is no number is not made one', () => {
  const form = formOf(undefined);
  const draft = draftOf({
    ...form,
    timeAllowedMin: '',
    parts: [{ ...(form.parts[0] ?? assert.fail()), threshold: 'x' }],
  });
  assert.ok(Number.isNaN(draft.timeAllowedS));
  assert.ok(draft.test.kind === 'limit' && Number.isNaN(draft.test.threshold));
});
