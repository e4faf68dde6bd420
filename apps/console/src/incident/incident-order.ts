import type { Alarm, Incident, IncidentAct } from '@fengsui/protocol';
import { isTellOwed } from './report-standing.ts';

/** Nobody's first, the newest of them at the front; then one's own, then what others have, the oldest first. */
export function incidentOrder(incidents: Iterable<Incident>, username: string | undefined): readonly Incident[] {
  const rank = ({ owner }: Incident): number => (owner === undefined ? 0 : owner === username ? 1 : 2);
  return [...incidents].sort((a, b) => {
    const between = rank(a) - rank(b);
    if (between !== 0) return between;
    return rank(a) === 0 ? b.number - a.number : a.number - b.number;
  });
}

/** The incident that an alarm belongs to. One of a fire that spreads beyond those it names is of its venue's. */
export function incidentOf(incidents: Iterable<Incident>, alarm: Alarm): Incident | undefined {
  const all = [...incidents];
  const named = all.find(({ alarms }) => alarms.some(({ alarmId }) => alarmId === alarm.id));
  if (named !== undefined) return named;
  return all.find(
    ({ venueId, origin, alarms, alarmCount }) =>
      alarmCount > alarms.length &&
      venueId === alarm.venueId &&
      origin === alarm.origin &&
      (alarm.category === 'fire' || alarm.priority === 'P1'),
  );
}

/** What the procedure asks for next of who sits here; undefined where it is another's, or over. */
export function nextActOf(incident: Incident, username: string | undefined): IncidentAct | undefined {
  const { state, owner, offeredTo, lastWordAt, verdict } = incident;
  if (state === 'closed') return undefined;
  if (owner !== username) return owner === undefined || offeredTo === username ? 'take' : undefined;
  if (verdict === undefined) return lastWordAt === undefined ? 'call' : 'verify';
  return isTellOwed(incident) ? 'tell' : 'close';
}

/** The step whose time runs and ends next; undefined: none runs. */
export function dueStep({ procedure, state }: Incident): { readonly step: string; readonly dueAt: number } | undefined {
  if (state === 'closed') return undefined;
  const running = procedure.flatMap(({ step, from, limitMs, doneAt }) =>
    from === undefined || doneAt !== undefined ? [] : [{ step, dueAt: Date.parse(from) + limitMs }],
  );
  return running.toSorted((a, b) => a.dueAt - b.dueAt)[0];
}
