import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { defaultLimitRules } from '../default-rules.ts';
import { limitDue, nextLimit, type LimitState } from '../limit.ts';
import { nextRule, ruleAtRest, ruleDue, type RuleState, type RuleStep } from './next-rule.ts';
import { limitOfRule, ruleOfLimit, type PointTest, type Rule, type RuleTest } from './rule.ts';

const runs = { numRuns: 400 };
const heat = defaultLimitRules.find(({ id }) => id === 'heat-alarm');
assert.ok(heat);
const base: Rule = ruleOfLimit(heat);
const above = (point: string, threshold: number, onDelayMs = 0): PointTest => ({
  kind: 'limit',
  point,
  direction: 'above',
  threshold,
  deadband: 0,
  onDelayMs,
  offDelayMs: 0,
});
const ruleWith = (test: RuleTest, more: Partial<Rule> = {}): Rule => ({ ...base, test, ...more });

/** Samples `[at, point, value]`, or a number: the time. Gives the changes as `entered 5`. */
function changesOf(rule: Rule, told: readonly (readonly [number, string, number] | number)[]): string[] {
  let state: RuleState = ruleAtRest(rule);
  const changes: string[] = [];
  const take = (step: RuleStep): void => {
    state = step.state;
    if (step.change !== undefined) changes.push(`${step.change} ${step.changedAt}`);
  };
  for (const one of told) {
    if (typeof one !== 'number') take(nextRule(rule, state, { at: one[0], point: one[1], value: one[2] }));
    else
      for (let step = ruleDue(rule, state, one); step.change !== undefined; step = ruleDue(rule, state, one))
        take(step);
  }
  return changes;
}

const times = fc.array(
  fc.record({
    isTime: fc.boolean(),
    stepMs: fc.integer({ min: -20, max: 60 }),
    point: fc.constantFrom('a.x', 'b.x'),
    value: fc.constantFrom(0, 5, 9, 10, 11, 20, NaN),
  }),
  { maxLength: 40 },
);

test('a rule with a plain limit gives what the limit gives, sample by sample and when asked late', () => {
  const band = fc.record({
    direction: fc.constantFrom('above' as const, 'below' as const),
    threshold: fc.constantFrom(8, 10),
    deadband: fc.constantFrom(0, 1, 3),
    onDelayMs: fc.constantFrom(0, 15, 50),
    offDelayMs: fc.constantFrom(0, 15, 50),
  });
  fc.assert(
    fc.property(band, times, (limit, steps) => {
      const rule = ruleWith({ kind: 'limit', point: 'a.x', ...limit });
      let state: RuleState = ruleAtRest(rule);
      let oracle: LimitState = { phase: 'inside' };
      let now = 0;
      for (const { isTime, stepMs, value } of steps) {
        now += stepMs;
        const got = isTime ? ruleDue(rule, state, now) : nextRule(rule, state, { at: now, point: 'a.x', value });
        const expected = isTime ? limitDue(limit, oracle, now) : nextLimit(limit, oracle, { at: now, value });
        const { change, changedAt, dueAt } = expected;
        assert.deepEqual(
          { state: got.state.parts[0], change: got.change, changedAt: got.changedAt, dueAt: got.dueAt },
          { state: expected.state, change, changedAt, dueAt },
        );
        state = got.state;
        oracle = expected.state;
      }
    }),
    runs,
  );
});

test('whatever comes in whatever order, entered and left take turns, and time goes on', () => {
  const part = fc.constantFrom<PointTest>(above('a.x', 9, 15), above('b.x', 10), {
    kind: 'rate',
    point: 'a.x',
    riseAtLeast: 5,
    windowMs: 40,
    endsBelow: 2,
  });
  const anyTest = fc.oneof(
    fc.record({
      kind: fc.constant('combination' as const),
      operator: fc.constantFrom('and' as const, 'or' as const),
      of: fc.tuple(part, part),
    }),
    fc.record({ kind: fc.constant('sequence' as const), first: part, then: part, withinMs: fc.constantFrom(10, 50) }),
    fc.record({
      kind: fc.constant('count' as const),
      of: part,
      atLeast: fc.constantFrom(2, 3),
      windowMs: fc.constantFrom(30, 100),
    }),
    part,
  );
  const schedule = fc.option(
    fc.record({
      speaks: fc.constantFrom('within' as const, 'outside' as const),
      utcOffsetMin: fc.constantFrom(0, 480),
      windows: fc.constant([{ days: [4, 5], fromMin: 0, toMin: 480 }]),
    }),
    { nil: undefined },
  );
  fc.assert(
    fc.property(anyTest, schedule, fc.constantFrom(1, 600_000), times, (ruleTest, hours, scale, steps) => {
      if (hours === undefined && ruleTest.kind === 'limit') return;
      const rule = ruleWith(ruleTest, hours === undefined ? {} : { schedule: hours });
      let now = 0;
      const told = steps.map(({ isTime, stepMs, point, value }) => {
        now += stepMs * scale;
        return isTime ? now : ([now, point, value] as const);
      });
      const changes = changesOf(rule, told);
      let lastAt = -Infinity;
      changes.forEach((change, i) => {
        const [word, at] = change.split(' ');
        assert.equal(word, i % 2 === 0 ? 'entered' : 'left', changes.join(', '));
        assert.ok(Number(at) >= lastAt, changes.join(', '));
        lastAt = Number(at);
      });
    }),
    runs,
  );
});

test('a rise is entered whatever it starts from, and ends when the window no longer holds one', () => {
  const rule = ruleWith({ kind: 'rate', point: 't1.temperatureC', riseAtLeast: 10, windowMs: 300_000, endsBelow: 2 });
  const minute = (n: number, value: number) => [n * 60_000, 't1.temperatureC', value] as const;
  assert.deepEqual(changesOf(rule, [minute(0, 30), minute(2, 35), minute(5, 39.9)]), []);
  assert.deepEqual(
    changesOf(rule, [minute(0, 30), minute(2, 35), minute(5, 40), minute(8, 41), minute(11, 42), minute(12, 42)]),
    ['entered 300000', 'left 480000'],
  );
  assert.deepEqual(changesOf(rule, [minute(0, 30), minute(6, 41)]), [], 'the low value is out of the window');
});

test('what a rise keeps in mind is bounded, and costs at most a sixtieth of the window', () => {
  const rule = ruleWith({ kind: 'rate', point: 'a.x', riseAtLeast: 100, windowMs: 60_000, endsBelow: 50 });
  let state: RuleState = ruleAtRest(rule);
  let enteredAt: number | undefined;
  for (let at = 0; at < 200_000; at += 100) {
    // 0.1 in 100 ms is 60 in a window; from 100 s on twice as steep: 120.
    const value = at <= 100_000 ? at / 1_000 : 100 + (at - 100_000) / 500;
    const step = nextRule(rule, state, { at, point: 'a.x', value });
    if (step.change === 'entered') enteredAt ??= step.changedAt;
    state = step.state;
    assert.ok(((state.parts[0] as { minima?: [] }).minima?.length ?? 0) <= 61);
  }
  // 100 s + t with 60 − t at the old slope: 2t + (60 − t) = 100 → t = 40.
  assert.ok(enteredAt !== undefined && enteredAt >= 140_000 && enteredAt <= 141_000, String(enteredAt));
});

test('and holds while all parts hold, or while any does', () => {
  const of = [above('a.x', 10), above('b.x', 10)];
  const told = [
    [1, 'a.x', 11],
    [2, 'b.x', 11],
    [3, 'a.x', 5],
    [4, 'b.x', 5],
  ] as const;
  assert.deepEqual(changesOf(ruleWith({ kind: 'combination', operator: 'and', of }), told), ['entered 2', 'left 3']);
  assert.deepEqual(changesOf(ruleWith({ kind: 'combination', operator: 'or', of }), told), ['entered 1', 'left 4']);
});

test('a delay of a part ends a combination’s waiting without a further sample', () => {
  const of = [above('a.x', 10, 30), above('b.x', 10)];
  const rule = ruleWith({ kind: 'combination', operator: 'and', of });
  assert.deepEqual(changesOf(rule, [[1, 'a.x', 11], [2, 'b.x', 11], 100]), ['entered 31']);
});

test('a sequence is first and then, in that order and in time', () => {
  const rule = ruleWith({ kind: 'sequence', first: above('a.x', 10), then: above('b.x', 10), withinMs: 50 });
  assert.deepEqual(
    changesOf(rule, [
      [0, 'a.x', 11],
      [50, 'b.x', 11],
      [90, 'b.x', 5],
    ]),
    ['entered 50', 'left 90'],
  );
  assert.deepEqual(
    changesOf(rule, [
      [0, 'a.x', 11],
      [51, 'b.x', 11],
    ]),
    [],
    'too late',
  );
  assert.deepEqual(
    changesOf(rule, [
      [0, 'b.x', 11],
      [10, 'a.x', 11],
      [20, 'b.x', 12],
    ]),
    [],
    'the other way round',
  );
});

test('a count is entered with the last of so many in its window, and ends when the first is out of it', () => {
  const rule = ruleWith({ kind: 'count', of: above('a.x', 10), atLeast: 3, windowMs: 100 });
  const up = (at: number) =>
    [
      [at, 'a.x', 11],
      [at + 5, 'a.x', 5],
    ] as const;
  assert.deepEqual(changesOf(rule, [...up(0), ...up(40), [99, 'a.x', 11], 100, [104, 'a.x', 5], 500]), [
    'entered 99',
    'left 100',
  ]);
  assert.deepEqual(changesOf(rule, [...up(0), ...up(40), ...up(100), 500]), [], 'no window of 100 holds three');
  assert.deepEqual(changesOf(rule, [...up(0), ...up(40), ...up(60), ...up(90), 500]), ['entered 60', 'left 140']);
});

test('outside its hours a rule says nothing; what holds when they begin is said then, and ends with them', () => {
  const HOUR = 3_600_000;
  // Thursday 1 January 1970, 08:00 local is 00:00 UTC.
  const schedule = { speaks: 'within' as const, utcOffsetMin: 480, windows: [{ days: [4], fromMin: 600, toMin: 720 }] };
  const rule = ruleWith(above('a.x', 10), { schedule });
  assert.deepEqual(changesOf(rule, [[HOUR, 'a.x', 11], 10 * HOUR]), [`entered ${2 * HOUR}`, `left ${4 * HOUR}`]);
  assert.deepEqual(changesOf(rule, [[HOUR, 'a.x', 11], [1.5 * HOUR, 'a.x', 5], 10 * HOUR]), []);
  const night = { ...schedule, windows: [{ days: [4], fromMin: 1_320, toMin: 360 }] };
  assert.deepEqual(changesOf(ruleWith(above('a.x', 10), { schedule: night }), [[HOUR, 'a.x', 11], 40 * HOUR]), [
    `entered ${14 * HOUR}`,
    `left ${22 * HOUR}`,
  ]);
});

test('a rule that is off never says anything', () => {
  assert.deepEqual(changesOf(ruleWith({ kind: 'off' }), [[1, 'heat.temperatureC', 500], 1_000]), []);
});

test('a limit of the product is version 1 of itself, and the same limit again', () => {
  for (const limit of defaultLimitRules) assert.deepEqual(limitOfRule(ruleOfLimit(limit)), limit);
});
