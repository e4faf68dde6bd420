import { isUnacknowledged } from '@fengsui/alarm';
import { messageOwed, reportIncident } from '../fire-command/report-incident.ts';
import type { Effects } from '../situation/effects.ts';
import type { Place } from '../situation/kept.ts';
import type { ActOutcome } from '../situation/operator-act.ts';
import type { Situation } from '../situation/situation.ts';
import type { IncidentActMeta } from './incident-act.ts';
import { nextIncident, type IncidentEvent } from './incident-life.ts';
import { keepIncident } from './keep-incident.ts';
import type { KeptIncident } from './kept-incident.ts';

type Outcome = Extract<ActOutcome, { readonly kind: 'handled' | 'refused' }>;

/** Applies what a person did to an incident, and notes the outcome under the act's id. */
export function applyIncident(situation: Situation, effects: Effects, meta: IncidentActMeta, partition: number): void {
  const known = situation.incidents.get(meta.act.incidentId);
  const place: Place = known?.place ?? { partition, venueId: meta.venueId, origin: 'live' };
  effects.acts.push({ meta, place, outcome: outcomeOf(situation, effects, meta, known) });
}

function outcomeOf(
  situation: Situation,
  effects: Effects,
  { act: { incidentId, ...act }, by, at }: IncidentActMeta,
  known: KeptIncident | undefined,
): Outcome {
  if (known === undefined)
    return { kind: 'refused', code: 'incidentClosed', detail: `incident ${incidentId} is closed` };
  const event: IncidentEvent =
    act.kind === 'close'
      ? { ...act, by, at, unacknowledgedCount: unacknowledgedCount(situation, known) }
      : { ...act, by, at };
  const told = nextIncident(known, event);
  if ('refused' in told) return { kind: 'refused', ...told.refused };
  const { incident, step } = told;
  if (step === undefined) return { kind: 'handled', incident };
  const kept = keepIncident(situation, effects, incident, step);
  const owed = messageOwed(known, kept);
  return { kind: 'handled', incident: owed === undefined ? kept : reportIncident(situation, effects, kept, owed) };
}

/** Of the alarms it keeps; one that has ended was acknowledged, or nobody need do it any more. */
function unacknowledgedCount(situation: Situation, { alarms }: KeptIncident): number {
  const conditions = alarms.map(({ alarmId }) => situation.conditionOfAlarm(alarmId)?.condition);
  return conditions.filter((condition) => condition !== undefined && isUnacknowledged(condition)).length;
}
