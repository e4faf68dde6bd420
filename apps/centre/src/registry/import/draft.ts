import { hash } from 'node:crypto';
import { venueLifeOf, type Area, type Circuit, type Contact, type Organisation, type Venue } from '@fengsui/protocol';
import type { DeviceRecord } from '../registry-change.ts';
import type { Registry } from '../registry.ts';
import type { ImportRow } from './read-rows.ts';

/** What stands in a row over what is known: an absent column keeps, an empty cell (null) clears. */
export function merged<Known extends object>(
  known: Known | undefined,
  values: Readonly<Record<string, unknown>>,
): Known {
  const entries = Object.entries({ ...known, ...values }).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(entries) as Known;
}

export const organisationOf = (registry: Registry, { values }: ImportRow): Organisation => {
  const known = registry.organisation(String(values['id']));
  return { ...merged(known, values), demo: known?.demo ?? false };
};

/** `organisations`: those of the same workbook, by id. */
export function venueOf(
  registry: Registry,
  { values }: ImportRow,
  organisations: ReadonlyMap<string, Organisation>,
  fallback: string,
): Venue {
  const known = registry.venue(String(values['id']));
  const { life, ...cells } = values;
  // An empty cell clears no life: a venue on its way is not live by it. Written and unwritten `live` are the same.
  const isSaid = typeof life === 'string' && (known === undefined || life !== venueLifeOf(known));
  const venue = merged<Venue>(known, isSaid ? values : cells);
  const organisationId = venue.organisationId ?? known?.organisationId ?? fallback;
  const owner = organisations.get(organisationId) ?? registry.organisation(organisationId);
  return { ...venue, organisationId, origin: known?.origin ?? (owner?.demo === true ? 'simulated' : 'live') };
}

export const areaOf = (registry: Registry, { values }: ImportRow): Area =>
  merged(registry.area(String(values['id'])), values);

/** Without an id of its own a contact is who he is: the same person twice is one. */
export function contactOf(registry: Registry, { values }: ImportRow): Contact {
  const { id, venueId, name, phone } = values;
  const key =
    typeof id === 'string' ? id : hash('sha256', `${String(venueId)}\0${String(name)}\0${String(phone)}`).slice(0, 16);
  return { ...merged<Contact>(registry.contact(key), values), id: key };
}

export function circuitOf(registry: Registry, { values }: ImportRow, venueId: string): Circuit {
  const { insulation, crossSectionMm2, installationMethod, loadedConductors, circuitsTogether, ambientC, ...own } =
    values;
  const { deviceId, prefix } = own;
  const known = registry.circuit(String(deviceId), String(prefix));
  const size = typeof crossSectionMm2 === 'string' ? Number(crossSectionMm2) : crossSectionMm2;
  const cableCells = {
    insulation,
    crossSectionMm2: size,
    installationMethod,
    loadedConductors,
    circuitsTogether,
    ambientC,
  };
  const cable = merged<NonNullable<Circuit['cable']>>(known?.cable, withoutAbsent(cableCells));
  const { cable: _before, ...rest } = known ?? ({} as Partial<Circuit>);
  const circuit = merged<Circuit>(rest as Circuit, own);
  return {
    ...circuit,
    venueId,
    protectedClass: circuit.protectedClass ?? 'unknown',
    ...(Object.keys(cable).length > 0 && { cable }),
  };
}

const withoutAbsent = (cells: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(cells).filter(([, value]) => value !== undefined));

/** A device as its row wants it; `secretSha256` is the caller's. */
export function deviceOf(
  registry: Registry,
  { values }: ImportRow,
  venue: Pick<Venue, 'id' | 'origin'>,
  intervalMs: number,
): DeviceRecord {
  const { reportingIntervalS, gbAddress, gbProfile, gbAllow, life, ...rest } = values;
  // An empty state is no state: a device under maintenance is not put to work by it.
  const own = life === null ? rest : withoutAbsent({ ...rest, life });
  const known = registry.device(String(own['id']));
  const device = merged<DeviceRecord>(known, own);
  const gb = merged<NonNullable<DeviceRecord['gb']>>(
    known?.gb,
    withoutAbsent({ address: gbAddress, profile: gbProfile, allow: gbAllow }),
  );
  const { gb: _before, life: wanted, ...others } = device;
  return {
    ...others,
    // Absent says active: written and unwritten are the same state.
    ...(wanted !== undefined && (wanted !== 'active' || known?.life !== undefined) && { life: wanted }),
    venueId: venue.id,
    origin: known?.origin ?? venue.origin,
    reportingIntervalMs:
      typeof reportingIntervalS === 'number'
        ? Math.round(reportingIntervalS * 1_000)
        : (known?.reportingIntervalMs ?? intervalMs),
    ...('address' in gb && { gb }),
  };
}
