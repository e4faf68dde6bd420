import { incidentActs, type Incident, type IncidentAct, type IncidentStep } from '@fengsui/protocol';
import { incidentLife } from './incident-life.ts';
import type { KeptIncident, KeptIncidentStep, KeptReport } from './kept-incident.ts';
import { standingsOf } from './procedure.ts';

const iso = (at: number): string => new Date(at).toISOString();

/** Instants that may be missing, as the API writes them. */
function instants<Name extends string>(
  from: Readonly<Record<Name, number | undefined>>,
): Partial<Record<Name, string>> {
  const known = Object.entries<number | undefined>(from).filter(([, at]) => at !== undefined);
  return Object.fromEntries(known.map(([name, at]) => [name, iso(at ?? 0)])) as Partial<Record<Name, string>>;
}

/** As API and live feed show it to whoever may read alarms: without who answered the telephone. */
export function incidentView(incident: KeptIncident): Incident {
  const { state, place, alarms, verdict, report, told, openedAt, openedBy, openedNote, happenedAt } = incident;
  const { displayedAt, acknowledgedAt, ownedAt, firstWordAt, lastWordAt, plannedAt, closedAt } = incident;
  const { id, number, revision, alarmCount, owner, offeredTo, callCount, closedBy, cause, stepCount, fileCount } =
    incident;
  return {
    ...{ id, number, revision, state, venueId: place.venueId, origin: place.origin },
    openedAt: iso(openedAt),
    ...(openedBy !== undefined && { openedBy }),
    ...(openedNote !== undefined && { openedNote }),
    ...instants({ happenedAt }),
    alarms: alarms.map(({ raisedAt, receivedAt, endedAt, ...alarm }) => ({
      ...alarm,
      raisedAt: iso(raisedAt),
      receivedAt: iso(receivedAt),
      ...instants({ endedAt }),
    })),
    alarmCount,
    ...instants({ displayedAt, acknowledgedAt, ownedAt, firstWordAt, lastWordAt, plannedAt, closedAt }),
    ...(owner !== undefined && { owner }),
    ...(offeredTo !== undefined && { offeredTo }),
    callCount,
    ...(verdict !== undefined && { verdict: { ...verdict, at: iso(verdict.at) } }),
    ...(report !== undefined && { report: reportView(report) }),
    ...instants({ toldAt: told?.at }),
    ...(closedBy !== undefined && { closedBy }),
    ...(cause !== undefined && { cause }),
    stepCount,
    ...(fileCount !== undefined && { fileCount }),
    procedure: standingsOf(incident).map(({ step, limitMs, from, doneAt }) => ({
      step,
      limitMs,
      ...instants({ from, doneAt }),
    })),
    acts: incidentActs.filter((act) => isPossible(incident, act)),
  };
}

function isPossible({ state, report }: KeptIncident, act: IncidentAct): boolean {
  if (act === 'verify') return state !== 'open' && state !== 'closed';
  if (act === 'tell' && state === 'dismissed') return report?.kind === 'cancel';
  return incidentLife[state][act] !== undefined;
}

function reportView({ madeAt, deliveredAt, mayKnowBefore: _, ...report }: KeptReport): NonNullable<Incident['report']> {
  return { ...report, madeAt: iso(madeAt), ...instants({ deliveredAt }) };
}

/** Who was called, sent, or answered is a person of the venue, and a file may be called by one: for who may read contacts. */
const PERSONAL: ReadonlySet<string> = new Set(['whom', 'answeredBy', 'name']);

export function incidentStepView(
  number: number,
  { at, detail, ...step }: KeptIncidentStep,
  mayReadContacts: boolean,
): IncidentStep {
  const shown = Object.entries(detail ?? {}).filter(([name]) => mayReadContacts || !PERSONAL.has(name));
  return { number, at: iso(at), ...step, ...(detail !== undefined && { detail: Object.fromEntries(shown) }) };
}
