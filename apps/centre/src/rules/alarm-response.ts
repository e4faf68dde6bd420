import { defaultResponses, type Rule } from '@fengsui/alarm';
import type { Alarm, AlarmResponse } from '@fengsui/protocol';
import type { Situation } from '../situation/situation.ts';
import { ruleInForce } from './rule-in-force.ts';

type Said = Pick<Rule, 'consequence' | 'response' | 'timeAllowedS'> & Partial<Pick<Rule, 'id' | 'version'>>;

/**
 * What an alarm leads to and what has to be done until when, soonest first: as the rules say that keep it on, else as the
 * product says of its kind; empty where nobody has said anything.
 */
export function alarmResponse(situation: Situation, alarm: Alarm): readonly AlarmResponse[] {
  const since = Date.parse(alarm.escalatedAt ?? alarm.raisedAt);
  const ofRules = rulesOf(situation, alarm);
  const ofKind = Object.hasOwn(defaultResponses, alarm.kind) ? defaultResponses[alarm.kind] : undefined;
  const said: readonly Said[] = ofRules.length > 0 || ofKind === undefined ? ofRules : [ofKind];
  const told = new Set<string>();
  return [...said]
    .sort((a, b) => a.timeAllowedS - b.timeAllowedS)
    .filter(({ consequence, response }) => {
      const words = JSON.stringify([consequence, response]);
      return told.has(words) ? false : told.add(words);
    })
    .map(({ id, version, consequence, response, timeAllowedS }) => ({
      ...(id !== undefined && { ruleId: id }),
      ...(version !== undefined && { version }),
      consequence,
      response,
      timeAllowedS,
      dueAt: new Date(since + timeAllowedS * 1_000).toISOString(),
    }));
}

/** Of an alarm that is over the one that raised it. */
function rulesOf(situation: Situation, { id, deviceId, ruleId }: Alarm): readonly Rule[] {
  const device = situation.registry.device(deviceId);
  const { sources = {} } = situation.conditionOfAlarm(id)?.condition ?? {};
  if (device === undefined) return [];
  const standing = Object.keys(sources).flatMap((source) =>
    source.startsWith('rule:') ? [source.slice('rule:'.length)] : [],
  );
  const ids = standing.length > 0 || ruleId === undefined ? standing : [ruleId];
  return ids.flatMap((one) => ruleInForce(situation, one, device) ?? []);
}
