import { isExceeded, limitDue, nextLimit, type LimitState } from '../limit.ts';
import { matchesPoint } from '../limit-rule.ts';
import { nextRate, type RateState } from './rate.ts';
import { nextTurn, speaksAt } from './rule-schedule.ts';
import { partsOf, type PointTest, type Rule, type RuleTest } from './rule.ts';

/** Where a rule stands for one device (a rule of one part: for one point). Plain JSON. */
export type RuleState = {
  /** Of each part of the test, in its order. */
  readonly parts: readonly (LimitState | RateState)[];
  /** What the test asks for is the case, whether the rule speaks now or not. */
  readonly holds: boolean;
  /** Between `entered` and `left`. */
  readonly isActive: boolean;
  /** The newest instant at which it was looked at: of a sample of any part, or of something that was due. */
  readonly judgedAt?: number;
  /** Of a sequence: when `first` was entered last. */
  readonly firstAt?: number;
  /** Of a count: the newest instants at which its part was entered, as many as it asks for at most. */
  readonly enteredAt?: readonly number[];
};

export type RuleStep = {
  readonly state: RuleState;
  readonly change?: 'entered' | 'left';
  /** With `change`: the instant it holds from. A sample's own; or the end of a delay, a window, a schedule's turn. */
  readonly changedAt?: number;
  /** Ask {@link ruleDue} then, unless samples decide before; it may have passed already. On the clock of the samples. */
  readonly dueAt?: number;
};

/** Before the first sample. */
export function ruleAtRest({ test }: Pick<Rule, 'test'>): RuleState {
  return { parts: partsOf(test).map(() => ({ phase: 'inside' })), holds: false, isActive: false };
}

/**
 * Tells a rule a sample of one of its points. Points that no part looks at change nothing; late samples and what is no
 * number are ignored as by a limit, each point by its own clock. A change is
 * never before the one before it (a plain limit keeps its own rule).
 */
export function nextRule(
  rule: Rule,
  state: RuleState | undefined,
  sample: { readonly point: string; readonly at: number; readonly value: number },
): RuleStep {
  const before = state ?? ruleAtRest(rule);
  const tests = partsOf(rule.test);
  const steps = before.parts.map((part, i) => nextPart(tests[i], part, sample));
  if (steps.every((step, i) => step.state === before.parts[i])) return waiting(rule, before);
  return judge(rule, before, steps, sample.at);
}

/** Tells a rule the time: the first thing that was due by `now` and changes it. Ask again while `dueAt` is not after it. */
export function ruleDue(rule: Rule, state: RuleState, now: number): RuleStep {
  const tests = partsOf(rule.test);
  let step = waiting(rule, state);
  while (step.change === undefined && step.dueAt !== undefined && step.dueAt <= now) {
    const { dueAt } = step;
    const parts = step.state.parts.map((part, i) => partDue(tests[i], part, dueAt));
    step = judge(rule, step.state, parts, dueAt);
  }
  return step;
}

type PartStep = {
  readonly state: LimitState | RateState;
  readonly change?: 'entered' | 'left';
  readonly changedAt?: number;
  readonly dueAt?: number;
};

function nextPart(
  test: PointTest | undefined,
  state: LimitState | RateState,
  sample: { readonly point: string; readonly at: number; readonly value: number },
): PartStep {
  if (test === undefined || !matchesPoint(test, sample.point)) return { state };
  return test.kind === 'limit' ? nextLimit(test, state, sample) : nextRate(test, state as RateState, sample);
}

function partDue(test: PointTest | undefined, state: LimitState | RateState, now: number): PartStep {
  return test?.kind === 'limit' ? limitDue(test, state, now) : { state };
}

/** What follows from the steps of the parts. Samples of several points do not come in order: time does not go back. */
function judge(rule: Rule, before: RuleState, steps: readonly PartStep[], sampledAt: number): RuleStep {
  const { test, schedule } = rule;
  const at = Math.max(sampledAt, before.judgedAt ?? -Infinity);
  const told = noted(test, { ...before, parts: steps.map((step) => step.state), judgedAt: at }, steps, at);
  const holds = holdsNow(test, told, steps, at);
  const isActive = holds && speaksAt(schedule, at);
  const step = waiting(rule, { ...told, holds, isActive });
  if (isActive === before.isActive) return step;
  // A plain limit is what it is: after a delay that was asked for early its own clock counts.
  const changedAt = test.kind === 'limit' && schedule === undefined ? (steps[0]?.changedAt ?? at) : at;
  return { ...step, change: isActive ? 'entered' : 'left', changedAt };
}

/** With what a sequence and a count remember. */
function noted(test: RuleTest, state: RuleState, steps: readonly PartStep[], at: number): RuleState {
  const isEntered = steps[0]?.change === 'entered';
  if (!isEntered) return state;
  if (test.kind === 'sequence') return { ...state, firstAt: at };
  if (test.kind === 'count') return { ...state, enteredAt: [...(state.enteredAt ?? []), at].slice(-test.atLeast) };
  return state;
}

function holdsNow(test: RuleTest, state: RuleState, steps: readonly PartStep[], at: number): boolean {
  const { parts, firstAt = -Infinity, enteredAt = [] } = state;
  switch (test.kind) {
    case 'limit':
    case 'rate':
      return parts.some(isExceeded);
    case 'combination':
      return test.operator === 'and' ? parts.length > 0 && parts.every(isExceeded) : parts.some(isExceeded);
    case 'sequence': {
      const then = parts[1];
      if (then === undefined || !isExceeded(then)) return false;
      return state.holds || (steps[1]?.change === 'entered' && at - firstAt <= test.withinMs);
    }
    case 'count':
      return enteredAt.length === test.atLeast && at - (enteredAt[0] ?? -Infinity) < test.windowMs;
    case 'off':
      return false;
  }
}

/** The state with the first instant at which something may change without a sample. */
function waiting({ test, schedule }: Rule, state: RuleState): RuleStep {
  const dues = partsOf(test).map((part, i) => {
    const known = state.parts[i];
    return part.kind === 'limit' && known !== undefined ? limitDue(part, known, -Infinity).dueAt : undefined;
  });
  if (test.kind === 'count' && state.holds) dues.push((state.enteredAt?.[0] ?? 0) + test.windowMs);
  if (state.holds && state.judgedAt !== undefined) dues.push(nextTurn(schedule, state.judgedAt));
  return dueOf(state, dues);
}

function dueOf(state: RuleState, dues: readonly (number | undefined)[]): RuleStep {
  const known = dues.filter((due) => due !== undefined);
  return known.length === 0 ? { state } : { state, dueAt: Math.min(...known) };
}
