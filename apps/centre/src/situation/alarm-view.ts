import type { ActiveAlarm } from '@fengsui/alarm';
import type { Alarm } from '@fengsui/protocol';
import type { KeptCondition } from './kept.ts';

const iso = (at: number): string => new Date(at).toISOString();

/** The alarm as API and feed show it; an ended one has state `normal`. */
export function alarmView({ place, condition }: KeptCondition, alarm: ActiveAlarm, isUnderMaintenance: boolean): Alarm {
  const {
    raisedAt,
    receivedAt,
    acknowledgedAt,
    acknowledgedBy,
    clearedAt,
    escalatedAt,
    shelvedUntil,
    contributions,
    ...rest
  } = alarm;
  return {
    ...rest,
    state: condition.state,
    deviceId: condition.key.deviceId,
    venueId: place.venueId,
    raisedAt: iso(raisedAt),
    receivedAt: iso(receivedAt),
    ...(acknowledgedAt !== undefined && { acknowledgedAt: iso(acknowledgedAt) }),
    ...(acknowledgedBy !== undefined && { acknowledgedBy }),
    ...(clearedAt !== undefined && { clearedAt: iso(clearedAt) }),
    ...(escalatedAt !== undefined && { escalatedAt: iso(escalatedAt) }),
    ...(shelvedUntil !== undefined && { shelvedUntil: iso(shelvedUntil) }),
    ...(contributions !== undefined && {
      contributions: contributions.map(({ since, ...one }) => ({
        ...one,
        ...(since !== undefined && { since: iso(since) }),
      })),
    }),
    // Somebody works there: said, never hidden.
    ...(isUnderMaintenance && { maintenance: true }),
  };
}
