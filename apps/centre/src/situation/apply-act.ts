import { next, type ConditionEvent, type Origin } from '@fengsui/alarm';
import type { LoadJudgement } from '@fengsui/protocol';
import { applyCommissioning } from '../commissioning/apply-commissioning.ts';
import { applyIsolation } from '../isolation/apply-isolation.ts';
import { requestCommand } from './apply-command.ts';
import type { Effects } from './effects.ts';
import { orderGb } from './gb26875/gb-order.ts';
import { identityInspected } from './identity-watch.ts';
import type { Place } from './kept.ts';
import type { ActOutcome, AlarmActMeta, LoadActMeta, OperatorActMeta } from './operator-act.ts';
import type { Situation } from './situation.ts';
import { judgeAlarm } from './apply-verdict.ts';

/** Applies what an operator did, and notes the outcome under the act's id: the same request again gets the same answer. */
export function applyAct(situation: Situation, effects: Effects, meta: OperatorActMeta, partition: number): void {
  if ('isWork' in meta || 'isRollout' in meta || 'isIncident' in meta) return;
  if (effects.acts.some((before) => before.meta.actId === meta.actId)) return;
  if ('alarmId' in meta) actOnAlarm(situation, effects, meta, partition);
  else if ('isVerdict' in meta) judgeAlarm(situation, effects, meta, partition);
  else if ('isIsolation' in meta) applyIsolation(situation, effects, meta, partition);
  else if ('isCommissioning' in meta) applyCommissioning(situation, effects, meta, partition);
  else {
    const origin = situation.registry.device(meta.act.deviceId)?.origin ?? 'live';
    if ('expiresAt' in meta) requestCommand(situation, effects, meta, { partition, venueId: meta.venueId, origin });
    else if ('isGbOrder' in meta) orderGb(situation, effects, meta, { partition, venueId: meta.venueId, origin });
    else judgeLoad(effects, meta, origin, partition);
  }
}

/** A judgement changes nothing at the centre: the terminal learns from it. The newest of a switching counts there. */
function judgeLoad(effects: Effects, meta: LoadActMeta, origin: Origin, partition: number): void {
  const { deviceId, loadEventId, verdict, name } = meta.act;
  const judgement: LoadJudgement = {
    id: meta.actId,
    deviceId,
    loadEventId,
    verdict,
    ...(name !== undefined && { name }),
    by: meta.by,
    at: new Date(meta.at).toISOString(),
  };
  const place = { partition, venueId: meta.venueId, origin };
  effects.acts.push({ meta, place, outcome: { kind: 'judged', judgement } });
}

function actOnAlarm(situation: Situation, effects: Effects, meta: AlarmActMeta, partition: number): void {
  const kept = situation.conditionOfAlarm(meta.alarmId);
  if (kept === undefined) {
    const place = { partition, venueId: meta.venueId, origin: 'live' } as const;
    const outcome = { kind: 'refused', code: 'alarmEnded', detail: `alarm ${meta.alarmId} has ended` } as const;
    effects.acts.push({ meta, place, outcome });
    return;
  }
  const { deviceId, prefix, kind } = kept.condition.key;
  const step = situation.tell(kept.place, deviceId, prefix, kind, eventOf(meta), effects);
  if (kind === 'clonedIdentity' && meta.act.kind === 'inspect' && !('refused' in step)) {
    const state = identityInspected(situation, deviceId);
    if (state !== undefined) effects.deviceStates.set(deviceId, { place: kept.place, state });
  }
  effects.acts.push({ meta, place: kept.place, outcome: outcomeOf(situation, kept.place, meta.alarmId, step) });
}

/** What `applyAct` would make of it now; nothing is changed. undefined for an alarm that memory does not hold: it has ended. */
export function foreseenOutcome(situation: Situation, meta: AlarmActMeta): ActOutcome | undefined {
  const kept = situation.conditionOfAlarm(meta.alarmId);
  return kept && outcomeOf(situation, kept.place, meta.alarmId, next(kept.condition, eventOf(meta)));
}

function eventOf({ act, by, at, alarmId }: AlarmActMeta): ConditionEvent {
  switch (act.kind) {
    case 'acknowledge':
      return { kind: 'acknowledge', by, at, alarmId, ...(act.note !== undefined && { note: act.note }) };
    case 'shelve':
      return { kind: 'shelve', by, at, alarmId, until: act.until, reason: act.reason };
    case 'unshelve':
      return { kind: 'unshelve', by, at, alarmId };
    case 'inspect':
      return { kind: 'inspect', by, at, alarmId, note: act.note };
  }
}

function outcomeOf(
  situation: Situation,
  place: Place,
  alarmId: string,
  step: ReturnType<Situation['tell']>,
): ActOutcome {
  if ('refused' in step) return { kind: 'refused', ...step.refused };
  const alarm = step.condition.alarm?.id === alarmId ? step.condition.alarm : step.ended;
  if (alarm === undefined) return { kind: 'refused', code: 'alarmEnded', detail: `alarm ${alarmId} has ended` };
  return { kind: 'done', alarm: situation.view({ place, condition: step.condition, changeCount: 0 }, alarm) };
}
