import type { Alarm } from '@fengsui/protocol';
import type { Caller } from '../access/callers.ts';
import { isInScope } from '../access/scope.ts';
import { findAlarm } from '../record/alarm-history.ts';
import { foreseenOutcome } from '../situation/apply-act.ts';
import type { AlarmAct, AlarmActMeta } from '../situation/operator-act.ts';
import { storableJson } from '../situation/storable-json.ts';
import { awaitAct } from './await-act.ts';
import type { ApiContext } from './context.ts';
import { notFound } from './problem.ts';

export type AlarmActed = {
  readonly alarm: Alarm;
  /** False while the store is away: the act is in the journal, and the alarm as it will be. */
  readonly isApplied: boolean;
};

/**
 * What a person does to an alarm. One that has not ended is known from memory, and what will become of it too: while
 * the store is away it can be acknowledged all the same.
 *
 * @throws ApiError 404 for an alarm out of view, 409 and 422 as the life of an alarm refuses, 503 `notAppliedYet`.
 */
export async function actOnAlarm(
  context: ApiContext,
  caller: Caller,
  actId: string,
  alarmId: string,
  given: AlarmAct,
): Promise<AlarmActed> {
  // As it will be stored: a repetition is compared with that.
  const act = JSON.parse(storableJson(given)) as AlarmAct;
  const venueId = await venueOfAlarm(context, caller, alarmId);
  if (venueId === undefined) throw notFound(`alarm ${alarmId}`);
  const meta: AlarmActMeta = { actId, alarmId, venueId, by: caller.username, at: context.clock.now(), act };
  const foreseen = foreseenOutcome(context.situation, meta);
  const wanted = { alarmId, ...act };
  const outcome = await awaitAct(context, meta, (stored) => isSameAct(stored, wanted), { lane: 'alarm', foreseen });
  if (outcome.kind !== 'done') throw new Error(`act ${actId} on alarm ${alarmId} ended as ${outcome.kind}`);
  return { alarm: context.grouping.shown(outcome.alarm), isApplied: outcome.isPending !== true };
}

/** undefined: there is none, or the caller may not see it. */
async function venueOfAlarm(
  { situation, store }: Pick<ApiContext, 'situation' | 'store'>,
  { scope }: Caller,
  alarmId: string,
): Promise<string | undefined> {
  const open = situation.conditionOfAlarm(alarmId)?.place.venueId;
  if (open !== undefined) return isInScope(scope, open) ? open : undefined;
  return (await findAlarm(scope, store, alarmId))?.venueId;
}

/** jsonb does not keep the order of keys: compared field by field. */
function isSameAct(before: Readonly<Record<string, unknown>>, now: Readonly<Record<string, unknown>>): boolean {
  const keys = new Set([...Object.keys(before), ...Object.keys(now)]);
  keys.delete('until'); // a client that computes "in one hour" anew for its retry means the same act
  return [...keys].every((name) => before[name] === now[name]);
}
