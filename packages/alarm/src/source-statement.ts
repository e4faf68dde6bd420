import { alarmIdOf } from './alarm-id.ts';
import { isActive, type ActiveAlarm, type Condition, type Step } from './condition.ts';
import type { SourceActive, SourceInactive } from './condition-event.ts';
import { endIfNormal, move, silently, unacknowledged, unshelved } from './progress.ts';
import { levels, priorities } from './words.ts';

/** A source says that the condition is there. */
export function sourceActive(condition: Condition, event: SourceActive): Step {
  const superseded = event.late === true && event.at < (condition.saidAt[event.source] ?? -Infinity);
  const told = superseded ? condition : withStatement(condition, event);
  const step = condition.alarm ? again(told, condition, condition.alarm, event, superseded) : raise(told, event);
  // Its own source has said since that it is gone. The alarm is raised all the same, and is already over.
  if (superseded && !isActive(step.condition) && step.changes.some(becameActive)) {
    return goesQuiet(step, condition.saidAt[event.source] ?? event.at);
  }
  return step;
}

/** A source says that the condition is gone. */
export function sourceInactive(condition: Condition, event: SourceInactive): Step {
  const saidAt = condition.saidAt[event.source];
  if (event.live !== true && saidAt !== undefined && event.at < saidAt) return silently(condition);
  const { [event.source]: level, ...sources } = condition.sources;
  const told: Condition = { ...condition, sources, saidAt: { ...condition.saidAt, [event.source]: event.at } };
  if (level === undefined || isActive(told)) return silently(told);
  return goesQuiet(silently(told), event.at);
}

function withStatement(condition: Condition, event: SourceActive): Condition {
  return {
    ...condition,
    sources: { ...condition.sources, [event.source]: event.level },
    saidAt: { ...condition.saidAt, [event.source]: event.at },
  };
}

function raise(condition: Condition, event: SourceActive): Step {
  const alarm: ActiveAlarm = {
    id: alarmIdOf(condition.key, event.entryId),
    kind: condition.key.kind,
    level: event.level,
    ...event.classification,
    pointId: event.pointId,
    raisedAt: event.at,
    receivedAt: event.receivedAt,
    origin: event.origin,
    ...(event.late && { late: event.late }),
    ...(event.unmapped && { unmapped: event.unmapped }),
    ...(event.identitySuspect && { identitySuspect: event.identitySuspect }),
    ...measured(event),
    count: 1,
  };
  const latching = event.latching === true;
  // Out of view it stays out of view: suppression by design is about the alarms to come.
  const lifeEvent = latching && condition.state === 'normal' ? 'latch' : 'activate';
  return move(silently({ ...condition, latching }), lifeEvent, changeOf('raised', event), alarm);
}

/** The condition has an alarm already; `before` is the condition before the statement. */
function again(told: Condition, before: Condition, known: ActiveAlarm, event: SourceActive, superseded: boolean): Step {
  const actsAgain = isRepeatedLocalAct(before, event, superseded);
  let alarm =
    known.captureId === undefined && event.captureId !== undefined ? { ...known, captureId: event.captureId } : known;
  if (event.isRunningCount === true) alarm = remeasured(alarm, event);
  if (event.identitySuspect) alarm = { ...alarm, identitySuspect: true };
  let step: Step = silently({ ...told, alarm });
  if (!isActive(before) || actsAgain) {
    const { clearedAt: _over, ...rest } = alarm;
    alarm = { ...rest, count: rest.count + 1 };
    if (actsAgain) alarm = remeasured(unacknowledged(unshelved(alarm)), event);
    step = move(step, actsAgain ? 'latch' : 'activate', changeOf('reraised', event), alarm);
  }
  if (isWorse(before, known, event)) step = escalate(step, alarm, before, event);
  return step;
}

function escalate(step: Step, alarm: ActiveAlarm, before: Condition, event: SourceActive): Step {
  const worse: ActiveAlarm = {
    ...remeasured(unacknowledged(alarm), event),
    level: levels[Math.max(levels.indexOf(alarm.level), levels.indexOf(event.level))] ?? event.level,
    category: alarm.category === 'fire' ? 'fire' : event.classification.category,
    escalatedAt: Math.max(event.at, alarm.escalatedAt ?? event.at),
    priority: isMoreUrgent(event, alarm) ? event.classification.priority : alarm.priority,
    origin: alarm.origin === 'live' ? 'live' : event.origin,
  };
  // Suppressed or shelved before, a latched alarm comes back latched.
  const latching = before.latching || event.latching === true;
  const moved = move(
    { ...step, condition: { ...step.condition, latching } },
    latching ? 'latch' : 'escalate',
    { ...changeOf('escalated', event), level: worse.level },
    worse,
  );
  if (moved.condition.state === 'outOfService') return moved;
  return { ...moved, condition: { ...moved.condition, alarm: unshelved(worse) } };
}

/**
 * Whether the statement makes the alarm more urgent than it has ever been: a higher level; or fire, or a higher
 * priority, where two sources are classified apart; or a live one upon an alarm of a drill or a simulation, which must
 * never absorb it; or one that a person has to inspect.
 */
function isWorse(before: Condition, alarm: ActiveAlarm, event: SourceActive): boolean {
  return (
    levels.indexOf(event.level) > levels.indexOf(alarm.level) ||
    (event.classification.category === 'fire' && alarm.category !== 'fire') ||
    isMoreUrgent(event, alarm) ||
    (event.origin === 'live' && alarm.origin !== 'live') ||
    (event.latching === true && !before.latching)
  );
}

function isMoreUrgent(event: SourceActive, alarm: ActiveAlarm): boolean {
  return priorities.indexOf(event.classification.priority) < priorities.indexOf(alarm.priority);
}

/**
 * A local act is a moment without an end of its own: the same source reporting a newer one has acted again, which a
 * person must see even if the first was acknowledged. An act reported again (same `at`) or late is the one known.
 */
function isRepeatedLocalAct(before: Condition, event: SourceActive, superseded: boolean): boolean {
  const saidAt = before.saidAt[event.source];
  return before.latching && event.latching === true && !superseded && event.at !== saidAt;
}

/** No source says that the condition is there any more. A latched alarm does not care. */
function goesQuiet(step: Step, at: number): Step {
  const { alarm, latching } = step.condition;
  if (latching || !alarm) return step;
  const returned = move(step, 'return', { at, kind: 'returned', level: alarm.level }, { ...alarm, clearedAt: at });
  return endIfNormal(returned, at);
}

function becameActive(change: { readonly kind: string }): boolean {
  return change.kind === 'raised' || change.kind === 'reraised' || change.kind === 'escalated';
}

function changeOf(kind: 'raised' | 'reraised' | 'escalated', event: SourceActive) {
  return { at: event.at, kind, level: event.level };
}

/** The alarm with what the event measured, and who says so; an old measure must not stand beside a new value. */
function remeasured(alarm: ActiveAlarm, event: SourceActive): ActiveAlarm {
  const { ruleId: _before, ...said } = alarm;
  const { measure: _old, ...rest } = said;
  return { ...(event.value === undefined ? said : rest), ...measured(event) };
}

type Measured = Pick<
  ActiveAlarm,
  'captureId' | 'value' | 'limit' | 'measure' | 'confidence' | 'contributions' | 'ruleId'
>;

function measured(event: SourceActive): Measured {
  return {
    ...(event.captureId !== undefined && { captureId: event.captureId }),
    ...(event.value !== undefined && { value: event.value }),
    ...(event.limit !== undefined && { limit: event.limit }),
    ...(event.measure !== undefined && { measure: event.measure }),
    ...(event.ruleId !== undefined && { ruleId: event.ruleId }),
    ...(event.confidence !== undefined && { confidence: event.confidence }),
    ...(event.contributions !== undefined && { contributions: event.contributions }),
  };
}
