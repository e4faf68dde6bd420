import { deviceLifeTransitions, type DeviceLifeState } from '@fengsui/protocol';
import type { DeviceRecord } from './registry-change.ts';

/** Devices of before there was a life, and of the demo, are at work. */
export const lifeOf = ({ life }: Pick<DeviceRecord, 'life'>): DeviceLifeState => life ?? 'active';

/** Whether a door takes reports of the device; every door asks before it takes one. */
export function admitted(device: Pick<DeviceRecord, 'life' | 'revokedAt'>): 'accepted' | 'revoked' | 'retired' {
  if (device.revokedAt !== undefined) return 'revoked';
  return lifeOf(device) === 'retired' ? 'retired' : 'accepted';
}

export const isUnderMaintenance = (device: Pick<DeviceRecord, 'life'> | undefined): boolean =>
  device !== undefined && lifeOf(device) === 'maintenance';

/** Stands somewhere and is meant to watch it. */
export const isInPlace = (device: Pick<DeviceRecord, 'life'>): boolean => IN_PLACE.has(lifeOf(device));

const IN_PLACE: ReadonlySet<DeviceLifeState> = new Set(['installed', 'active', 'maintenance']);

/** Undefined when the state may follow; else what is wrong, with what may. */
export function lifeProblem(from: DeviceLifeState, to: DeviceLifeState): string | undefined {
  const allowed = deviceLifeTransitions[from];
  if (allowed.includes(to)) return undefined;
  const expectation =
    allowed.length === 0 ? 'nothing follows; register a new device' : `expected ${allowed.join(', ')}`;
  return `${to} cannot follow ${from}: ${expectation}`;
}
