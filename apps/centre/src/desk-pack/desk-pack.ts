import type { Alarm, BlindSpot, Venue } from '@fengsui/protocol';
import { isInScope, type Scope } from '../access/scope.ts';
import type { KeptIncident } from '../incident/kept-incident.ts';
import { areaWords } from '../registry/area-words.ts';
import type { Registry } from '../registry/registry.ts';
import { blindSpots } from '../situation/blind-spots.ts';
import type { Situation } from '../situation/situation.ts';

/** What stands on paper at most; how many there are is said beside it. */
const ALARMS_ON_PAPER = 300;
const BLIND_ON_PAPER = 300;
const VENUES_ON_PAPER = 2_000;

type Listed<Item> = { readonly items: readonly Item[]; readonly count: number };

export type PackAlarm = { readonly alarm: Alarm; readonly place: string };
export type PackBlindSpot = Pick<BlindSpot, 'deviceId' | 'venueId' | 'reasons'> & { readonly place: string };
export type PackVenue = Venue & {
  readonly contacts: readonly { readonly name: string; readonly role: string; readonly phone: string }[];
  /** Incidents and alarms there, first in the list. */
  readonly isTroubled: boolean;
};

/** What a duty room needs when its screens are dark: all of it from memory, so that it can be had without the store. */
export type DeskPack = {
  readonly madeAt: number;
  readonly madeBy: string;
  /** What of the centre does not work now. */
  readonly troubles: readonly string[];
  readonly incidents: readonly KeptIncident[];
  readonly alarms: Listed<PackAlarm>;
  readonly blindSpots: Listed<PackBlindSpot>;
  readonly venues: Listed<PackVenue>;
  readonly nameOf: (venueId: string) => Pick<Venue, 'name' | 'nameEn'>;
};

export type PackOrder = {
  readonly scope: Scope;
  readonly madeAt: number;
  readonly madeBy: string;
  readonly troubles: readonly string[];
};

export function deskPack(situation: Situation, { scope, ...made }: PackOrder): DeskPack {
  const { registry } = situation;
  const incidents = [...situation.incidents.open()]
    .filter(({ place }) => isInScope(scope, place.venueId))
    .sort((a, b) => a.number - b.number);
  const alarms = situation.alarms(scope).sort(byUrgency);
  const blind = blindSpots(situation, scope, made.madeAt);
  const troubled = new Set([
    ...incidents.map(({ place }) => place.venueId),
    ...alarms.filter(({ category }) => category === 'fire').map(({ venueId }) => venueId),
  ]);
  const venues = registry
    .venues(scope)
    .toSorted((a, b) => Number(troubled.has(b.id)) - Number(troubled.has(a.id)) || (a.id < b.id ? -1 : 1));
  const contacts = contactsByVenue(registry, scope);
  return {
    ...made,
    incidents,
    alarms: listed(alarms, ALARMS_ON_PAPER, (alarm) => ({ alarm, place: placeOf(registry, alarm.deviceId) })),
    blindSpots: listed(blind, BLIND_ON_PAPER, ({ deviceId, venueId, reasons }) => ({
      ...{ deviceId, venueId, reasons },
      place: placeOf(registry, deviceId),
    })),
    venues: listed(venues, VENUES_ON_PAPER, (venue) => ({
      ...venue,
      contacts: contacts.get(venue.id) ?? [],
      isTroubled: troubled.has(venue.id),
    })),
    nameOf: (venueId) => registry.venue(venueId) ?? { name: venueId },
  };
}

function listed<Item, On>(items: readonly Item[], most: number, on: (item: Item) => On): Listed<On> {
  return { items: items.slice(0, most).map(on), count: items.length };
}

/** Fires, then by priority; of each the newest first. */
function byUrgency(a: Alarm, b: Alarm): number {
  const fires = Number(b.category === 'fire') - Number(a.category === 'fire');
  return fires || a.priority.localeCompare(b.priority) || Date.parse(b.raisedAt) - Date.parse(a.raisedAt);
}

function contactsByVenue(registry: Registry, scope: Scope): ReadonlyMap<string, PackVenue['contacts']> {
  const found = new Map<string, { name: string; role: string; phone: string; rank: number }[]>();
  for (const { venueId, name, role, phone, rank = 99 } of registry.contacts(scope)) {
    const known = found.get(venueId) ?? [];
    known.push({ name, role, phone, rank });
    found.set(venueId, known);
  }
  for (const known of found.values()) known.sort((a, b) => a.rank - b.rank);
  return found;
}

function placeOf(registry: Registry, deviceId: string): string {
  const device = registry.device(deviceId);
  const area = device?.area ?? areaWords(registry, device?.areaId).area;
  return [area, device?.name ?? deviceId].filter((word) => word !== undefined).join(' ');
}
