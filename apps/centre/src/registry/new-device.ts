import { isWireId, type DeviceLifeState } from '@fengsui/protocol';
import { createSecret, hashSecret } from '../intake/device-secret.ts';
import type { DeviceRecord, RegistryChange } from './registry-change.ts';
import { RegistryRefusal } from './registry-refusal.ts';
import type { Registry } from './registry.ts';

export type NewDevice = {
  readonly id: string;
  readonly model: string;
  readonly venueId: string;
  readonly parentId?: string;
  readonly name?: string;
  readonly nameEn?: string;
  readonly area?: string;
  readonly areaId?: string;
  readonly reportingIntervalMs?: number;
  /** Default active. */
  readonly life?: DeviceLifeState;
  readonly gb?: NonNullable<DeviceRecord['gb']>;
};

export type NewDeviceRecord = { readonly record: DeviceRecord; readonly secret: string };

const SHORTEST_INTERVAL_MS = 1_000;
const LONGEST_INTERVAL_MS = 86_400_000;

/** The record of a device whose venue is there, with the secret that is shown once. */
export function newDeviceRecord(
  registry: Registry,
  device: NewDevice,
  venue: Pick<DeviceRecord, 'origin'> & { readonly id: string },
): NewDeviceRecord {
  if (!isWireId(device.id))
    throw new RegistryRefusal(
      'invalidId',
      `device id ${JSON.stringify(device.id)}: expected 1 to 64 of A-Z a-z 0-9 . _ -`,
    );
  if (registry.device(device.id) !== undefined)
    throw new RegistryRefusal('deviceExists', `device ${device.id} exists already`);
  const model = registry.model(device.model);
  if (model === undefined) {
    const known = registry.models().map(({ id }) => id);
    throw new RegistryRefusal(
      'unknownModel',
      `model ${JSON.stringify(device.model)} is unknown; known are ${known.join(', ')}`,
    );
  }
  if (device.parentId !== undefined && registry.model(registry.device(device.parentId)?.model ?? '')?.gateway !== true)
    throw new RegistryRefusal('unknownParent', `parent ${device.parentId} is not a registered gateway`);
  if (device.areaId !== undefined && registry.area(device.areaId)?.venueId !== venue.id)
    throw new RegistryRefusal('unknownArea', `areaId is ${device.areaId}: expected an area of venue ${venue.id}`);
  const interval = device.reportingIntervalMs ?? model.reportingIntervalMs;
  if (!Number.isInteger(interval) || interval < SHORTEST_INTERVAL_MS || interval > LONGEST_INTERVAL_MS)
    throw new RegistryRefusal(
      'invalidInterval',
      `reportingIntervalMs is ${interval}: expected ${SHORTEST_INTERVAL_MS} to ${LONGEST_INTERVAL_MS}`,
    );
  checkGb(registry, device.id, device.gb);
  const secret = createSecret();
  const { parentId, name, nameEn, area, areaId, life, gb } = device;
  const record: DeviceRecord = {
    id: device.id,
    model: model.id,
    venueId: venue.id,
    origin: venue.origin,
    ...(parentId !== undefined && { parentId }),
    ...(name !== undefined && { name }),
    ...(nameEn !== undefined && { nameEn }),
    ...(area !== undefined && { area }),
    ...(areaId !== undefined && { areaId }),
    reportingIntervalMs: interval,
    ...(life !== undefined && { life }),
    ...(gb !== undefined && { gb }),
    secretSha256: hashSecret(secret),
  };
  return { record, secret };
}

/** One address, one device: a second one with it would be the clash that the standard calls an alarm. */
export function checkGb(registry: Registry, deviceId: string, gb: DeviceRecord['gb']): void {
  if (gb === undefined) return;
  if (!/^[0-9a-f]{12}$/.test(gb.address))
    throw new RegistryRefusal(
      'invalidGbAddress',
      `gb.address is ${JSON.stringify(gb.address)}: expected 12 hex digits, lower case, in wire order`,
    );
  const holder = registry.deviceByGbAddress(gb.address);
  if (holder !== undefined && holder.id !== deviceId)
    throw new RegistryRefusal('gbAddressTaken', `gb.address ${gb.address} belongs to device ${holder.id}`);
}

/** The first line of a device's history. */
export const registered = (record: DeviceRecord, by: string, at: number): RegistryChange => ({
  kind: 'deviceHistory',
  line: { deviceId: record.id, at, by, kind: 'registered', to: record.life ?? 'active' },
});
