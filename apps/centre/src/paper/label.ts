import type { Circuit } from '@fengsui/protocol';
import { lifeOf } from '../registry/device-life.ts';
import type { DeviceRecord } from '../registry/registry-change.ts';
import type { Registry } from '../registry/registry.ts';

/** What stands on the label of a device. */
export type Label = {
  readonly deviceId: string;
  readonly name?: string;
  readonly venue: string;
  /** Where in the venue, and which circuits it measures. */
  readonly place?: string;
  /** Shown once: the centre keeps its hash. */
  readonly claimCode?: string;
};

export type LabelLanguage = 'zh' | 'en';

/** In the order in which a technician walks: venue, area, device. Devices that are gone have no label. */
export function labelsOf(
  registry: Registry,
  devices: readonly DeviceRecord[],
  language: LabelLanguage,
  claimCodes: ReadonlyMap<string, string> = new Map(),
): Label[] {
  const circuits = Map.groupBy(registry.circuits({ venues: 'all' }), ({ deviceId }) => deviceId);
  return devices
    .filter((device) => lifeOf(device) !== 'retired')
    .map((device) => ({ device, key: [device.venueId, device.areaId ?? device.area ?? '', device.id].join('\0') }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ device }) => {
      const claimCode = claimCodes.get(device.id);
      const label = labelOf(registry, device, circuits.get(device.id) ?? [], language);
      return claimCode === undefined ? label : { ...label, claimCode };
    });
}

function labelOf(
  registry: Registry,
  device: DeviceRecord,
  circuits: readonly Circuit[],
  language: LabelLanguage,
): Label {
  const venue = registry.venue(device.venueId);
  const name = inLanguage(device, language);
  const area = registry.area(device.areaId ?? '');
  const inWords = language === 'en' ? (device.areaEn ?? device.area) : device.area;
  const where = area === undefined ? inWords : inLanguage(area, language);
  const branches = [...circuits]
    .sort((a, b) => a.prefix.localeCompare(b.prefix, 'en', { numeric: true }))
    .map((circuit) => circuitWords(circuit, language));
  const place = [where, ...branches].filter((part) => part !== undefined && part !== '').join(' · ');
  return {
    deviceId: device.id,
    ...(name !== undefined && { name }),
    venue: (venue === undefined ? undefined : inLanguage(venue, language)) ?? device.venueId,
    ...(place !== '' && { place }),
  };
}

const inLanguage = (
  { name, nameEn }: { readonly name?: string; readonly nameEn?: string },
  language: LabelLanguage,
): string | undefined => (language === 'en' ? (nameEn ?? name) : name);

const circuitWords = (circuit: Circuit, language: LabelLanguage): string =>
  [circuit.prefix, inLanguage(circuit, language), circuit.ratedA === undefined ? undefined : `${circuit.ratedA} A`]
    .filter((part) => part !== undefined)
    .join(' ');
