import type { Alarm } from '@fengsui/protocol';

/** Alarms by venue id, each list in the order given. */
export function alarmsByVenue(alarms: readonly Alarm[]): ReadonlyMap<string, readonly Alarm[]> {
  const byVenue = new Map<string, Alarm[]>();
  for (const alarm of alarms) {
    const list = byVenue.get(alarm.venueId);
    if (list) list.push(alarm);
    else byVenue.set(alarm.venueId, [alarm]);
  }
  return byVenue;
}
