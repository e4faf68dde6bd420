import type { Condition, Refusal, Step } from './condition.ts';
import type { ConditionEvent, SourceActive, SourceInactive } from './condition-event.ts';
import { operatorAct } from './operator-act.ts';
import { sourceActive, sourceInactive } from './source-statement.ts';

/**
 * Tells a condition what happened: the new condition with the changes of its alarm, or why an act was refused.
 * Pure and deterministic: the same events give the same states and ids, so the journal can be replayed.
 * An event that says nothing new gives no changes.
 *
 * @throws RangeError for an instant that is not a finite number: the caller's bug, intake has replaced such clocks.
 * @example next(normalCondition(key), { kind: 'sourceActive', source: 'device', level: 'alarm', … })
 */
export function next(condition: Condition, event: SourceActive | SourceInactive): Step;
export function next(condition: Condition, event: ConditionEvent): Step | Refusal;
export function next(condition: Condition, event: ConditionEvent): Step | Refusal {
  if (!Number.isFinite(event.at)) throw new RangeError(`${event.kind}: at is ${event.at}: expected epoch milliseconds`);
  switch (event.kind) {
    case 'sourceActive':
      return sourceActive(condition, event);
    case 'sourceInactive':
      return sourceInactive(condition, event);
    default:
      return operatorAct(condition, event);
  }
}
