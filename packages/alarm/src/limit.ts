import type { LimitBand } from './limit-rule.ts';

/**
 * Where a limit stands. Plain JSON, to be stored per rule and point.
 * `inside` → `entering` (beyond, on-delay runs) → `beyond` → `leaving` (back inside, off-delay runs) → `inside`.
 */
export type LimitState = {
  readonly phase: 'inside' | 'entering' | 'beyond' | 'leaving';
  /** Since when the delay runs; present in `entering` and `leaving` only. */
  readonly since?: number;
  /** `at` of the newest sample. */
  readonly lastAt?: number;
};

/** Before the first sample. */
export const limitAtRest: LimitState = { phase: 'inside' };

export type LimitStep = {
  readonly state: LimitState;
  readonly change?: 'entered' | 'left';
  /** With `change`: the instant it holds from. A sample's own; or the end of the delay, however late it was asked. */
  readonly changedAt?: number;
  /** A delay runs: ask {@link limitDue} then, unless samples decide before. On the clock of the samples. */
  readonly dueAt?: number;
};

/**
 * Tells a limit a sample. No state yet is {@link limitAtRest}.
 *
 * A delay is interrupted by any sample that does not confirm it, and starts anew. A delay whose end passed unasked is
 * decided by the next sample alone: what happened in a gap is not guessed.
 *
 * Samples whose `at` is not after the newest are ignored; so are values that are not finite numbers, they measure
 * nothing. A caller who trusts a report although its clock went back (design.md 5.1) gives it an `at` of its own.
 */
export function nextLimit(
  rule: LimitBand,
  state: LimitState | undefined,
  sample: { readonly at: number; readonly value: number },
): LimitStep {
  const { at, value } = sample;
  if (!state) return nextLimit(rule, limitAtRest, sample);
  if (!(at > (state.lastAt ?? -Infinity)) || !Number.isFinite(value)) return waiting(rule, state);
  if (state.phase === 'inside' || state.phase === 'entering') {
    return isBeyondLimit(rule, value) ? enter(rule, state, at) : { state: { phase: 'inside', lastAt: at } };
  }
  return isBackInside(rule, value) ? leave(rule, state, at) : { state: { phase: 'beyond', lastAt: at } };
}

/** Tells a limit the time: a delay that has run out is decided by the newest sample, which has stood since. */
export function limitDue(rule: LimitBand, state: LimitState, now: number): LimitStep {
  const { phase, since, ...rest } = state;
  const dueAt = waiting(rule, state).dueAt;
  if (since === undefined || dueAt === undefined || !(now >= dueAt)) return waiting(rule, state);
  return phase === 'entering'
    ? { state: { ...rest, phase: 'beyond' }, change: 'entered', changedAt: dueAt }
    : { state: { ...rest, phase: 'inside' }, change: 'left', changedAt: dueAt };
}

/** Whether the limit stands as exceeded: from entered to left. */
export function isExceeded(state: LimitState): boolean {
  return state.phase === 'beyond' || state.phase === 'leaving';
}

function enter(rule: LimitBand, state: LimitState, at: number): LimitStep {
  const since = state.since ?? at;
  if (at - since >= rule.onDelayMs) return { state: { phase: 'beyond', lastAt: at }, change: 'entered', changedAt: at };
  return waiting(rule, { phase: 'entering', since, lastAt: at });
}

function leave(rule: LimitBand, state: LimitState, at: number): LimitStep {
  const since = state.since ?? at;
  if (at - since >= rule.offDelayMs) return { state: { phase: 'inside', lastAt: at }, change: 'left', changedAt: at };
  return waiting(rule, { phase: 'leaving', since, lastAt: at });
}

function waiting(rule: LimitBand, state: LimitState): LimitStep {
  if (state.since === undefined) return { state };
  return { state, dueAt: state.since + (state.phase === 'entering' ? rule.onDelayMs : rule.offDelayMs) };
}

/** Whether a value by itself is beyond the limit, whatever was before. */
export function isBeyondLimit(rule: LimitBand, value: number): boolean {
  if (rule.ignoreBelow !== undefined && value < rule.ignoreBelow) return false;
  return rule.direction === 'above' ? value > rule.threshold : value < rule.threshold;
}

function isBackInside(rule: LimitBand, value: number): boolean {
  if (rule.ignoreBelow !== undefined && value < rule.ignoreBelow) return true;
  return rule.direction === 'above' ? value <= rule.threshold - rule.deadband : value >= rule.threshold + rule.deadband;
}
