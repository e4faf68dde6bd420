import { FIRE_MESSAGE_ALARMS, type CallSheet } from '@fengsui/protocol';
import type { KeptIncident, KeptIncidentAlarm } from '../incident/kept-incident.ts';
import { areaWords } from '../registry/area-words.ts';
import type { Registry } from '../registry/registry.ts';

const iso = (at: number): string => new Date(at).toISOString();

/** What the fire-command side needs to know of an incident, as the registry has it now. */
export function fireFacts(registry: Registry, incident: KeptIncident): CallSheet {
  const { id, number, openedAt, openedNote: note, alarms, alarmCount, place } = incident;
  return {
    incident: { id, number, openedAt: iso(openedAt), ...(note !== undefined && { note }) },
    venue: venueFacts(registry, place.venueId),
    contacts: registry
      .contactsOf(place.venueId)
      .toSorted((a, b) => (a.rank ?? 99) - (b.rank ?? 99) || (a.id < b.id ? -1 : 1))
      .map(({ name, role, phone }) => ({ name, role, phone })),
    alarms: alarms.slice(0, FIRE_MESSAGE_ALARMS).map((alarm) => alarmFacts(registry, alarm)),
    alarmCount,
  };
}

function venueFacts(registry: Registry, id: string): CallSheet['venue'] {
  const venue = registry.venue(id);
  // Its devices tell of it, the registry does not know it: said by its id rather than not at all.
  if (venue === undefined) return { id, name: id };
  const { life: _life, wave: _wave, origin: _origin, organisationId: _owner, ...facts } = venue;
  return facts;
}

function alarmFacts(registry: Registry, alarm: KeptIncidentAlarm): CallSheet['alarms'][number] {
  const { alarmId, kind, category, deviceId, raisedAt } = alarm;
  const device = registry.device(deviceId);
  const area = device?.area ?? areaWords(registry, device?.areaId).area;
  const place = [area, device?.name].filter((word) => word !== undefined).join(' ');
  return {
    ...{ id: alarmId, kind, category },
    ...(place !== '' && { place }),
    ...{ deviceId, raisedAt: iso(raisedAt) },
  };
}
