import { tellIncident } from '../incident/keep-incident.ts';
import { entryIdOf, type Entry } from '../journal/entry.ts';
import { CENTRE_BEARER } from '../situation/apply-clock-step.ts';
import { endFault, placeOfCentre, tellFault } from '../situation/centre-fault.ts';
import type { Effects } from '../situation/effects.ts';
import type { Situation } from '../situation/situation.ts';
import type { FireCommandLink, FireMessagePurpose } from './fire-command-news.ts';

/** What became of a message, in its incident's history. One that was closed meanwhile needs it no more. */
export function applyFireMessage(
  situation: Situation,
  effects: Effects,
  { incidentId, news }: FireMessagePurpose,
  at: number,
): void {
  const known = situation.incidents.get(incidentId);
  if (known !== undefined) tellIncident(situation, effects, known, { ...news, at });
}

/** The fault on the desk, of the device `centre`: until it ends, a fire is told by telephone alone. */
export function applyFireCommandLink(
  situation: Situation,
  effects: Effects,
  entry: Entry,
  { state }: FireCommandLink,
  at: number,
): void {
  const ground = { situation, effects, place: placeOfCentre(situation), bearer: CENTRE_BEARER, at };
  if (state === 'back') endFault(ground, 'fireCommandAway');
  else tellFault({ ...ground, entryId: entryIdOf(entry) }, 'fireCommandAway', { level: 'alarm' });
}
