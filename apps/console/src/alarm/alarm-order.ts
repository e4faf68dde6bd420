import { categories, priorities } from '@fengsui/alarm';
import type { Alarm } from '@fengsui/protocol';
import { standingOf, type Standing } from './alarm-standing.ts';

const standingRank: Record<Standing, number> = { unacknowledged: 0, acknowledged: 1, setAside: 2, ended: 3 };

const rankIn = (words: readonly string[], word: string): number => {
  const index = words.indexOf(word);
  return index === -1 ? words.length : index;
};

/**
 * Order of the duty queue: unacknowledged before acknowledged before set aside; within each the real before drill, test
 * and replay (no real warning waits behind a drill's fire), then fire > warning > supervisory > fault, P1 > P4, the newest
 * first. The id breaks ties, so the order is total and two screens agree.
 */
export function compareAlarms(a: Alarm, b: Alarm): number {
  return (
    standingRank[standingOf(a.state)] - standingRank[standingOf(b.state)] ||
    Number(isExercise(a.origin)) - Number(isExercise(b.origin)) ||
    rankIn(categories, a.category) - rankIn(categories, b.category) ||
    rankIn(priorities, a.priority) - rankIn(priorities, b.priority) ||
    Date.parse(b.raisedAt) - Date.parse(a.raisedAt) ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  );
}

/** A new array in the order of {@link compareAlarms}. */
export function orderAlarms(alarms: Iterable<Alarm>): Alarm[] {
  return [...alarms].sort(compareAlarms);
}

/** Counts for headers and chips. */
export type AlarmCounts = {
  readonly total: number;
  readonly unacknowledged: number;
  readonly fire: number;
  readonly setAside: number;
};

/** Counts over the alarms that have not ended; `fire` counts the unacknowledged fires, drills and tests left out. */
export function countAlarms(alarms: Iterable<Alarm>): AlarmCounts {
  let total = 0;
  let unacknowledged = 0;
  let fire = 0;
  let setAside = 0;
  for (const alarm of alarms) {
    const standing = standingOf(alarm.state);
    if (standing === 'ended') continue;
    total++;
    if (standing === 'setAside') setAside++;
    if (standing !== 'unacknowledged') continue;
    unacknowledged++;
    if (alarm.category === 'fire' && !isExercise(alarm.origin)) fire++;
  }
  return { total, unacknowledged, fire, setAside };
}

/** Drill, test and replay: never coloured like the real thing (simulated devices keep their colours, with a mark). */
export function isExercise(origin: Alarm['origin']): boolean {
  return origin === 'drill' || origin === 'test' || origin === 'replay';
}
