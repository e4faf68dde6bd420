import { isUnacknowledged } from '@fengsui/alarm';
import { messageOwed, reportIncident } from '../fire-command/report-incident.ts';
import type { Entry } from '../journal/entry.ts';
import type { Effects } from '../situation/effects.ts';
import type { Place } from '../situation/kept.ts';
import type { ActOutcome } from '../situation/operator-act.ts';
import type { Situation } from '../situation/situation.ts';
import type { IncidentActMeta } from './incident-act.ts';
import { nextIncident, type IncidentEvent } from './incident-life.ts';
import { FILES_PER_INCIDENT } from './evidence-type.ts';
import { keepIncident, tellIncident } from './keep-incident.ts';
import type { KeptIncident } from './kept-incident.ts';

type Outcome = Extract<ActOutcome, { readonly kind: 'handled' | 'refused' }>;

/** Applies what a person did to an incident, and notes the outcome under the act's id. */
export function applyIncident(
  situation: Situation,
  effects: Effects,
  meta: IncidentActMeta,
  { partition, payload }: Pick<Entry, 'partition' | 'payload'>,
): void {
  if (effects.acts.some((before) => before.meta.actId === meta.actId)) return;
  const known = situation.incidents.get(meta.act.incidentId);
  const place: Place = known?.place ?? { partition, venueId: meta.venueId, origin: 'live' };
  effects.acts.push({ meta, place, outcome: outcomeOf(situation, effects, meta, { known, payload }) });
}

function outcomeOf(
  situation: Situation,
  effects: Effects,
  meta: IncidentActMeta,
  { known, payload }: { readonly known: KeptIncident | undefined; readonly payload: Uint8Array | undefined },
): Outcome {
  const {
    act: { incidentId, ...act },
    by,
    at,
  } = meta;
  if (act.kind === 'open') return openIncident(situation, effects, meta, act);
  if (known === undefined)
    return { kind: 'refused', code: 'incidentClosed', detail: `incident ${incidentId} is closed` };
  if (act.kind === 'addFile') return addFile(situation, effects, { meta, act, known, payload });
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
  if (owed === undefined) return { kind: 'handled', incident: kept };
  const reported = reportIncident(situation, effects, { kind: owed, before: known, incident: kept });
  return { kind: 'handled', incident: reported };
}

type GivenOpening = Omit<Extract<IncidentActMeta['act'], { readonly kind: 'open' }>, 'incidentId'>;

/** Whoever opens it has it, and has it before him. Of a venue that has one already, that one is the one. */
function openIncident(
  situation: Situation,
  effects: Effects,
  { venueId, by, at, act: { incidentId: id } }: IncidentActMeta,
  { note, happenedAt }: GivenOpening,
): Outcome {
  const { incidents, registry } = situation;
  const venue = registry.venue(venueId);
  if (venue === undefined) return { kind: 'refused', code: 'unknownVenue', detail: `venue ${venueId} does not exist` };
  const known = incidents.ofVenue(venueId, venue.origin);
  if (known !== undefined)
    return {
      kind: 'refused',
      code: 'incidentOpen',
      detail: `incident ${known.number} of this venue is open: write into it`,
    };
  if (happenedAt !== undefined && happenedAt > at)
    return {
      kind: 'refused',
      code: 'happensLater',
      detail: 'happenedAt lies ahead: only what has happened is typed in late',
    };
  const place: Place = { partition: registry.partitionOf(venueId), venueId, origin: venue.origin };
  const opened: KeptIncident = {
    ...{ id, number: incidents.numbers.next(place.partition), revision: 1, state: 'owned', place, openedAt: at },
    ...{ openedBy: by, openedNote: note, owner: by, ownedAt: at, displayedAt: at, acknowledgedAt: at },
    ...(happenedAt !== undefined && { happenedAt }),
    ...{ alarms: [], alarmCount: 0, callCount: 0, stepCount: 0 },
  };
  const kept = keepIncident(situation, effects, opened, {
    ...{ at, kind: 'opened', from: 'open', to: 'owned', by, note },
    detail: { byHand: true, ...(happenedAt !== undefined && { happenedAt: new Date(happenedAt).toISOString() }) },
  });
  return { kind: 'handled', incident: kept };
}

type GivenFile = {
  readonly meta: IncidentActMeta;
  readonly act: Omit<Extract<IncidentActMeta['act'], { readonly kind: 'addFile' }>, 'incidentId'>;
  readonly known: KeptIncident;
  readonly payload: Uint8Array | undefined;
};

function addFile(
  situation: Situation,
  effects: Effects,
  { meta: { actId, by, at }, act: { kind: _kind, ...given }, known, payload }: GivenFile,
): Outcome {
  if (payload?.byteLength !== given.bytes)
    throw new Error(`file of ${given.bytes} bytes has a payload of ${payload?.byteLength ?? 0}`);
  if ((known.fileCount ?? 0) >= FILES_PER_INCIDENT)
    return { kind: 'refused', code: 'tooManyFiles', detail: `an incident has at most ${FILES_PER_INCIDENT} files` };
  const file = { id: `f${actId.replaceAll('-', '').slice(0, 40)}`, ...given, by, at };
  effects.incidentFiles.push({ incidentId: known.id, place: known.place, file, body: payload });
  tellIncident(situation, effects, known, { kind: 'addFile', at, by, file });
  return { kind: 'handled', incident: situation.incidents.get(known.id) ?? known };
}

/** Of the alarms it keeps; one that has ended was acknowledged, or nobody need do it any more. */
function unacknowledgedCount(situation: Situation, { alarms }: KeptIncident): number {
  const conditions = alarms.map(({ alarmId }) => situation.conditionOfAlarm(alarmId)?.condition);
  return conditions.filter((condition) => condition !== undefined && isUnacknowledged(condition)).length;
}
