import assert from 'node:assert/strict';
import {
  conditionKeyOf,
  next,
  normalCondition,
  type Condition,
  type ConditionEvent,
  type Level,
  type SourceActive,
} from '../src/index.ts';

/** One condition, what is told of it and done with it: for tests that follow its life step by step. */
export const key = conditionKeyOf('d1', 't1.temperatureC', 'overTemperature');
export const hourMs = 3_600_000;

export const active = (at: number, more: Partial<SourceActive> = {}): SourceActive => {
  const level: Level = more.level ?? 'warning';
  const priority = { attention: 'P4', warning: 'P3', alarm: 'P2' } as const;
  return {
    kind: 'sourceActive',
    source: 'device',
    level,
    pointId: 't1',
    at,
    receivedAt: at + 50,
    entryId: `e${at}`,
    origin: 'live',
    classification: { category: 'warning', priority: priority[level] },
    ...more,
  };
};
export const inactive = (at: number, source = 'device'): ConditionEvent => ({ kind: 'sourceInactive', source, at });
export const acknowledge = (at: number): ConditionEvent => ({ kind: 'acknowledge', by: 'op1', at });
export const shelve = (at: number, until = at + hourMs): ConditionEvent => ({
  kind: 'shelve',
  until,
  reason: 'welding',
  by: 'op1',
  at,
});
export const service = (
  kind: 'suppress' | 'unsuppress' | 'removeFromService' | 'returnToService',
  at: number,
): ConditionEvent => ({ kind, by: 'tech1', reason: 'repair', at });
export const inspect = (at: number): ConditionEvent => ({ kind: 'inspect', by: 'tech1', note: 'clamp tightened', at });

/** The condition after events that must all be done, and the kinds of its changes. */
export function after(...events: readonly ConditionEvent[]): {
  condition: Condition;
  kinds: string[];
  ended: string[];
} {
  let condition = normalCondition(key);
  const kinds: string[] = [];
  const ended: string[] = [];
  for (const event of events) {
    const outcome = next(condition, event);
    if ('refused' in outcome) assert.fail(`${event.kind}: ${outcome.refused.detail}`);
    condition = outcome.condition;
    kinds.push(...outcome.changes.map((change) => change.kind));
    if (outcome.ended) ended.push(outcome.ended.id);
  }
  return { condition, kinds, ended };
}

export function refusal(condition: Condition, event: ConditionEvent): { code: string; detail: string } {
  const outcome = next(condition, event);
  assert.ok('refused' in outcome, `${event.kind} must be refused`);
  return outcome.refused;
}
