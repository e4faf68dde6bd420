import type { AlarmChange } from './change.ts';
import type { ActiveAlarm, Condition, Step } from './condition.ts';
import { isActive } from './condition.ts';
import { lifeCycle, stateAsFound, type LifeCycleEvent } from './life-cycle.ts';
import type { AlarmState } from './words.ts';

/** The state the table gives, with `unchanged` and `asFound` resolved; refusals are the caller's to have handled. */
export function stateAfter(condition: Condition, event: LifeCycleEvent): AlarmState {
  const outcome = lifeCycle[condition.state][event];
  if (outcome === 'unchanged') return condition.state;
  if (outcome !== 'asFound') {
    if (typeof outcome === 'string') return outcome;
    throw new Error(`${event} is refused in state ${condition.state}: check before moving`);
  }
  return stateAsFound({
    active: isActive(condition),
    latching: condition.latching,
    acknowledged: condition.alarm?.acknowledgedAt !== undefined,
    owesAcknowledgement: condition.owesAcknowledgement === true,
  });
}

/** A step that changes nothing anybody needs to hear of. */
export function silently(condition: Condition): Step {
  return { condition, changes: [] };
}

/** Moves by the table and records the change. `alarm` replaces the condition's alarm. */
export function move(
  step: Step,
  event: LifeCycleEvent,
  change: Omit<AlarmChange, 'from' | 'to' | 'alarmId'>,
  alarm: ActiveAlarm | undefined = step.condition.alarm,
): Step {
  const from = step.condition.state;
  const to = stateAfter(step.condition, event);
  const recorded: AlarmChange = { ...change, from, to, ...(alarm && { alarmId: alarm.id }) };
  const { owesAcknowledgement, ...rest } = step.condition;
  const isOwedStill = owesAcknowledgement === true && (to === 'suppressedByDesign' || to === 'outOfService');
  return {
    ...step,
    condition: { ...rest, state: to, ...(isOwedStill && { owesAcknowledgement: true }), ...(alarm && { alarm }) },
    changes: [...step.changes, recorded],
  };
}

/** Ends the alarm if the last move led to normal. */
export function endIfNormal(step: Step, at: number): Step {
  const { alarm, ...rest } = step.condition;
  if (rest.state !== 'normal' || !alarm) return step;
  const ended: AlarmChange = { at, kind: 'ended', from: 'normal', to: 'normal', alarmId: alarm.id, level: alarm.level };
  return {
    condition: { ...rest, latching: false, sources: {} },
    changes: [...step.changes, ended],
    ended: { ...alarm, clearedAt: alarm.clearedAt ?? at },
  };
}

/** Takes an acknowledgement back: the alarm asks for a response again. */
export function unacknowledged(alarm: ActiveAlarm): ActiveAlarm {
  const { acknowledgedAt: _at, acknowledgedBy: _by, ...rest } = alarm;
  return rest;
}

/** The time of a shelving ends with the shelving. */
export function unshelved(alarm: ActiveAlarm): ActiveAlarm {
  const { shelvedUntil: _until, ...rest } = alarm;
  return rest;
}
