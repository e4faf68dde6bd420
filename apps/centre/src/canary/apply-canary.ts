import { conditionKeyOf, next, normalCondition } from '@fengsui/alarm';
import type { DeviceEvent } from '@fengsui/protocol';
import { entryIdOf, type Entry } from '../journal/entry.ts';
import { endFault, placeOfCentre, tellFault } from '../situation/centre-fault.ts';
import type { DecodedReport } from '../situation/decoded-entry.ts';
import type { Effects } from '../situation/effects.ts';
import type { Situation } from '../situation/situation.ts';
import type { CanaryNews } from './canary-words.ts';

/** Bearer of what concerns the centre itself and none of its devices. */
const CENTRE_BEARER = 'centre';

/**
 * Raises an alarm by the rules of every alarm, on a condition that is kept nowhere: it is in no list, no row, no count,
 * and leaves with the commit for the feed alone.
 */
export function applyCanary(effects: Effects, { meta, entry }: DecodedReport, event: DeviceEvent): void {
  const key = conditionKeyOf(meta.deviceId, event.point, event.eventKind);
  const { condition } = next(normalCondition(key), {
    kind: 'sourceActive',
    source: 'device',
    level: event.level,
    pointId: event.point,
    at: meta.receivedAt,
    receivedAt: meta.receivedAt,
    entryId: entryIdOf(entry),
    origin: meta.origin,
    classification: { category: 'supervisory', priority: 'P4' },
  });
  if (condition.alarm === undefined) throw new Error('a canary raised no alarm');
  effects.canary = { round: event.seq ?? 0, alarmId: condition.alarm.id };
}

/** The fault on the desk, of the device `centre`. */
export function applyCanaryNews(
  situation: Situation,
  effects: Effects,
  entry: Entry,
  news: CanaryNews,
  firedAt: number,
): void {
  const ground = { situation, effects, place: placeOfCentre(situation), bearer: CENTRE_BEARER, at: firedAt };
  if (news.state === 'back') return endFault(ground, 'canaryMissed');
  const words = { value: news.rounds, measure: 'rounds', isRunningCount: true } as const;
  tellFault({ ...ground, entryId: entryIdOf(entry) }, 'canaryMissed', { level: 'alarm', ...words });
}
