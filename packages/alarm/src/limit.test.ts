import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isExceeded, limitAtRest, limitDue, nextLimit, type LimitState, type LimitStep } from './limit.ts';
import type { LimitRule } from './limit-rule.ts';

const above85: LimitRule = {
  id: 'r',
  kind: 'overTemperature',
  level: 'alarm',
  point: 't*.temperatureC',
  direction: 'above',
  threshold: 85,
  deadband: 5,
  onDelayMs: 3_000,
  offDelayMs: 2_000,
  source: 'ours',
};
const below: LimitRule = { ...above85, direction: 'below', threshold: 198, deadband: 4 };

/** Tells samples `[at, value]` one after another and gives the last step. */
function tell(rule: LimitRule, samples: readonly (readonly [number, number])[], from?: LimitState): LimitStep {
  let step: LimitStep = { state: from ?? limitAtRest };
  for (const [at, value] of samples) step = nextLimit(rule, step.state, { at, value });
  return step;
}

test('a limit is entered when the value has been beyond for the on-delay', () => {
  assert.deepEqual(tell(above85, [[0, 86]]), { state: { phase: 'entering', since: 0, lastAt: 0 }, dueAt: 3_000 });
  assert.deepEqual(
    tell(above85, [
      [0, 86],
      [2_999, 90],
    ]),
    { state: { phase: 'entering', since: 0, lastAt: 2_999 }, dueAt: 3_000 },
  );
  assert.deepEqual(
    tell(above85, [
      [0, 86],
      [3_000, 90],
    ]),
    { state: { phase: 'beyond', lastAt: 3_000 }, change: 'entered', changedAt: 3_000 },
  );
});

test('the threshold itself is not beyond, and interrupts the on-delay', () => {
  assert.equal(tell(above85, [[0, 85]]).state.phase, 'inside');
  assert.deepEqual(
    tell(above85, [
      [0, 86],
      [2_000, 85],
      [4_000, 86],
    ]),
    { state: { phase: 'entering', since: 4_000, lastAt: 4_000 }, dueAt: 7_000 },
  );
  assert.equal(tell(below, [[0, 198]]).state.phase, 'inside');
  assert.equal(tell(below, [[0, 197.9]]).state.phase, 'entering');
});

const beyond: LimitState = { phase: 'beyond', lastAt: 0 };

test('within the dead-band the limit stays, its edge is back inside', () => {
  assert.equal(tell(above85, [[1, 80.1]], beyond).state.phase, 'beyond');
  assert.equal(tell(above85, [[1, 80]], beyond).state.phase, 'leaving');
  assert.equal(tell(below, [[1, 201.9]], beyond).state.phase, 'beyond');
  assert.equal(tell(below, [[1, 202]], beyond).state.phase, 'leaving');
});

test('a limit is left when the value has been back inside for the off-delay without interruption', () => {
  assert.deepEqual(
    tell(
      above85,
      [
        [1_000, 80],
        [3_000, 79],
      ],
      beyond,
    ),
    { state: { phase: 'inside', lastAt: 3_000 }, change: 'left', changedAt: 3_000 },
  );
  assert.deepEqual(
    tell(
      above85,
      [
        [1_000, 80],
        [2_000, 81],
        [3_500, 80],
      ],
      beyond,
    ),
    { state: { phase: 'leaving', since: 3_500, lastAt: 3_500 }, dueAt: 5_500 },
  );
});

test('without delays one sample decides', () => {
  const now = { ...above85, onDelayMs: 0, offDelayMs: 0 };
  assert.equal(tell(now, [[0, 86]]).change, 'entered');
  assert.equal(tell(now, [[1, 80]], beyond).change, 'left');
});

test('asked when due, a delay ends at its own instant by the newest sample', () => {
  const entering = tell(above85, [[0, 86]]).state;
  assert.deepEqual(limitDue(above85, entering, 2_999), { state: entering, dueAt: 3_000 });
  assert.deepEqual(limitDue(above85, entering, 9_000), {
    state: { phase: 'beyond', lastAt: 0 },
    change: 'entered',
    changedAt: 3_000,
  });
  const leaving = tell(above85, [[1_000, 20]], beyond).state;
  assert.deepEqual(limitDue(above85, leaving, 3_000), {
    state: { phase: 'inside', lastAt: 1_000 },
    change: 'left',
    changedAt: 3_000,
  });
  assert.deepEqual(limitDue(above85, beyond, 1e12), { state: beyond });
});

test('a delay whose end nobody asked for is decided by the next sample alone', () => {
  const entering = tell(above85, [[0, 86]]).state;
  assert.equal(nextLimit(above85, entering, { at: 60_000, value: 20 }).state.phase, 'inside');
  assert.equal(nextLimit(above85, entering, { at: 60_000, value: 86 }).change, 'entered');
});

test('samples that are not newer, and values that are not finite, are ignored while a delay goes on', () => {
  const entering = tell(above85, [[1_000, 86]]);
  for (const sample of [
    { at: 1_000, value: 20 },
    { at: 500, value: 20 },
    { at: 2_000, value: NaN },
    { at: 2_000, value: Infinity },
    { at: NaN, value: 20 },
  ]) {
    assert.deepEqual(nextLimit(above85, entering.state, sample), entering);
  }
});

test('a circuit that is switched off has no under-voltage', () => {
  const rule = { ...below, ignoreBelow: 22 };
  assert.equal(tell(rule, [[0, 0]]).state.phase, 'inside');
  assert.equal(tell(rule, [[0, 22]]).state.phase, 'entering');
  assert.equal(tell(rule, [[1, 3]], beyond).state.phase, 'leaving');
});

test('a limit without state starts at rest', () => {
  assert.deepEqual(nextLimit(above85, undefined, { at: 5, value: 20 }), { state: { phase: 'inside', lastAt: 5 } });
});

test('a limit stands as exceeded from entered to left', () => {
  const phases = ['inside', 'entering', 'beyond', 'leaving'] as const;
  assert.deepEqual(
    phases.map((phase) => isExceeded({ phase })),
    [false, false, true, true],
  );
});

/**
 * The definition, by looking at the whole past anew each time: exceeded at sample k if it was before and has not been
 * back inside, or was not and has been beyond, for the delay in an unbroken run of samples ending at k. A tick repeats
 * the newest value.
 */
function exceededByDefinition(rule: LimitRule, past: readonly { at: number; value: number }[]): boolean {
  const sign = rule.direction === 'above' ? 1 : -1;
  const isBeyond = (value: number) => sign * (value - rule.threshold) > 0;
  const isBack = (value: number) => sign * (value - rule.threshold) <= -rule.deadband;
  const runMs = (end: number, holds: (value: number) => boolean): number => {
    let ms = -1;
    const last = past[end];
    for (let j = end; last && j >= 0; j--) {
      const sample = past[j];
      if (!sample || !holds(sample.value)) break;
      ms = last.at - sample.at;
    }
    return ms;
  };
  let exceeded = false;
  past.forEach((_, k) => {
    if (!exceeded) exceeded = runMs(k, isBeyond) >= rule.onDelayMs;
    else exceeded = !(runMs(k, isBack) >= rule.offDelayMs);
  });
  return exceeded;
}

test('a limit follows its definition for any samples and ticks', () => {
  const rules = fc.record({
    direction: fc.constantFrom('above' as const, 'below' as const),
    threshold: fc.constantFrom(0, 5),
    deadband: fc.integer({ min: 0, max: 3 }),
    onDelayMs: fc.integer({ min: 0, max: 6 }),
    offDelayMs: fc.integer({ min: 0, max: 6 }),
  });
  const moments = fc.array(
    fc.record({
      afterMs: fc.integer({ min: 1, max: 4 }),
      value: fc.option(fc.integer({ min: -5, max: 9 }), { nil: undefined, freq: 3 }),
    }),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(rules, moments, (numbers, steps) => {
      const rule: LimitRule = { ...above85, ...numbers };
      const past: { at: number; value: number }[] = [];
      let state: LimitState | undefined;
      let at = 0;
      for (const { afterMs, value } of steps) {
        at += afterMs;
        const held = value ?? past.at(-1)?.value;
        if (held === undefined) continue;
        const wasExceeded = state !== undefined && isExceeded(state);
        const step: LimitStep =
          value === undefined ? limitDue(rule, state ?? limitAtRest, at) : nextLimit(rule, state, { at, value });
        past.push({ at, value: held });
        state = step.state;
        const expected = exceededByDefinition(rule, past);
        assert.equal(isExceeded(state), expected);
        const change = expected === wasExceeded ? undefined : expected ? 'entered' : 'left';
        assert.equal(step.change, change);
        assert.equal(step.dueAt !== undefined, state.since !== undefined);
        if (step.dueAt !== undefined) assert.ok(step.dueAt > at, 'what is due is decided');
        if (step.changedAt !== undefined) assert.ok(step.changedAt <= at);
        assert.deepEqual(JSON.parse(JSON.stringify(state)), state);
      }
    }),
    { numRuns: Number(process.env['FENGSUI_RUNS'] ?? 2_000), ...seedOf(process.env['FENGSUI_SEED']) },
  );
});

function seedOf(text: string | undefined): { seed?: number } {
  return text === undefined ? {} : { seed: Number(text) };
}
