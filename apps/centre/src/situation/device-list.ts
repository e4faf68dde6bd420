import type { DeviceLifeState, DeviceListState } from '@fengsui/protocol';
import { areaWords } from '../registry/area-words.ts';
import { lifeOf } from '../registry/device-life.ts';
import type { DeviceRecord } from '../registry/registry-change.ts';
import type { Scope } from '../access/scope.ts';
import type { Situation } from './situation.ts';

export type DeviceQuery = {
  /** Part of id, name, area or GB/T 26875.3 address; case does not matter. */
  readonly text?: string;
  readonly family?: string;
  readonly life?: DeviceLifeState;
  /** All of them must hold. */
  readonly states?: readonly DeviceListState[];
};

/** The devices of the scope that answer a question, in the order of their ids. */
export function findDevices(situation: Situation, scope: Scope, query: DeviceQuery): readonly DeviceRecord[] {
  const { registry } = situation;
  const { text, family, life, states = [] } = query;
  const wanted = text?.trim().toLowerCase() ?? '';
  const faulty = states.includes('fault') ? faultyDevices(situation, scope) : new Set<string>();
  return registry
    .devices(scope)
    .filter(
      (device) =>
        (life === undefined || lifeOf(device) === life) &&
        (family === undefined || (registry.model(device.model)?.family ?? 'other') === family) &&
        states.every((state) => holds(situation, device, state, faulty)) &&
        (wanted === '' || textOf(situation, device).includes(wanted)),
    )
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

function holds(
  situation: Situation,
  device: DeviceRecord,
  state: DeviceListState,
  faulty: ReadonlySet<string>,
): boolean {
  const known = situation.deviceStates.get(device.id);
  switch (state) {
    case 'online':
      return known?.online === true;
    case 'offline':
      return known?.online !== true;
    case 'silent':
      return known?.silentSince !== undefined;
    case 'fault':
      return faulty.has(device.id);
    case 'identitySuspect':
      return situation.isIdentitySuspect(device.id);
    case 'neverTested':
      // A simulated detector proves nothing by a test: nobody is asked for one.
      return device.testedAt === undefined && device.origin === 'live' && lifeOf(device) !== 'retired';
    case 'neverReported':
      return !situation.lastReceivedAt.has(device.id);
  }
}

/** Devices with an open alarm of category fault. */
function faultyDevices(situation: Situation, scope: Scope): ReadonlySet<string> {
  return new Set(
    situation
      .alarms(scope)
      .filter(({ category, clearedAt }) => category === 'fault' && clearedAt === undefined)
      .map(({ deviceId }) => deviceId),
  );
}

function textOf({ registry }: Situation, device: DeviceRecord): string {
  const { id, name, nameEn, areaId, gb } = device;
  const { area, areaEn } = device.area === undefined ? areaWords(registry, areaId) : device;
  return [id, name, nameEn, area, areaEn, gb?.address].join('\n').toLowerCase();
}
