import type { Effects } from '../situation/effects.ts';
import type { Situation } from '../situation/situation.ts';
import { nextIncident, type IncidentCentreEvent } from './incident-life.ts';
import type { KeptIncident, KeptIncidentStep } from './kept-incident.ts';
import { lateTimersOf } from './procedure.ts';

/** Keeps an incident with the line it got, and the timers of the steps whose time runs. */
export function keepIncident(
  { incidents }: Situation,
  effects: Effects,
  incident: KeptIncident,
  step: KeptIncidentStep,
): KeptIncident {
  const before = incidents.get(incident.id);
  const kept = { ...incident, stepCount: incident.stepCount + 1 };
  incidents.put(kept);
  effects.incidents.set(kept.id, kept);
  effects.incidentSteps.push({ incidentId: kept.id, number: kept.stepCount, place: kept.place, step });
  keepTimers(effects, before, kept);
  return kept;
}

/** Tells an open incident what the centre finds, and keeps what changed. */
export function tellIncident(
  situation: Situation,
  effects: Effects,
  known: KeptIncident,
  event: IncidentCentreEvent,
): void {
  const told = nextIncident(known, event);
  // What memory has open is not closed: nothing that the centre finds is refused.
  if ('refused' in told) throw new Error(`incident ${known.id}: ${told.refused.detail}`);
  if (told.step !== undefined) keepIncident(situation, effects, told.incident, told.step);
}

function keepTimers(effects: Effects, before: KeptIncident | undefined, after: KeptIncident): void {
  const had = before === undefined ? undefined : lateTimersOf(before);
  const wanted = lateTimersOf(after);
  const { venueId } = after.place;
  for (const timer of wanted.values())
    if (had?.get(timer.id)?.dueAt !== timer.dueAt) effects.setTimer({ venueId, ...timer });
  for (const id of had?.keys() ?? []) if (!wanted.has(id)) effects.endTimer(id);
}
