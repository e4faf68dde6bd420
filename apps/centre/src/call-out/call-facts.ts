import type { KeptIncidentAlarm } from '../incident/kept-incident.ts';
import { areaWords } from '../registry/area-words.ts';
import type { Registry } from '../registry/registry.ts';
import type { CallFacts } from './kept-call-out.ts';

/** What whoever is called is told of a venue and of its first alarm, as the registry has it now. */
export function callFacts(registry: Registry, venueId: string, alarm?: KeptIncidentAlarm): CallFacts {
  const venue = registry.venue(venueId);
  const { nameEn, address, addressEn } = venue ?? {};
  return {
    // Its devices tell of it, the registry does not know it: said by its id rather than not at all.
    venueName: venue?.name ?? venueId,
    ...(nameEn !== undefined && { venueNameEn: nameEn }),
    ...(address !== undefined && { address }),
    ...(addressEn !== undefined && { addressEn }),
    ...(alarm !== undefined && { alarm: alarmFacts(registry, alarm) }),
  };
}

function alarmFacts(
  registry: Registry,
  { kind, category, deviceId }: KeptIncidentAlarm,
): NonNullable<CallFacts['alarm']> {
  const device = registry.device(deviceId);
  const area = device?.area ?? areaWords(registry, device?.areaId).area;
  const place = [area, device?.name].filter((word) => word !== undefined).join(' ');
  return { kind, category, ...(place !== '' && { place }) };
}
