import { isUnderMaintenance, lifeOf } from '../registry/device-life.ts';
import type { DeviceRecord, RegistryChange } from '../registry/registry-change.ts';
import type { Effects } from './effects.ts';
import type { Situation } from './situation.ts';

/** Applies a change of the registry, and what follows from it for alarms. */
export function applyRegistryChange(situation: Situation, effects: Effects, change: RegistryChange, at: number): void {
  const before = change.kind === 'devicePut' ? situation.registry.device(change.device.id) : undefined;
  situation.registry.apply(change);
  effects.registryChanges.push(change);
  if (change.kind === 'devicePut' && before !== undefined) lifeChanged(situation, effects, before, change.device, at);
}

function lifeChanged(
  situation: Situation,
  effects: Effects,
  before: DeviceRecord,
  now: DeviceRecord,
  at: number,
): void {
  if (lifeOf(now) === 'retired' && lifeOf(before) !== 'retired') endSources(situation, effects, now.id, at);
  else if (isUnderMaintenance(now) !== isUnderMaintenance(before)) situation.showAnew(now.id, effects);
}

/** A retired device says nothing more: its conditions are over, and stay to be seen until acknowledged. */
function endSources(situation: Situation, effects: Effects, deviceId: string, at: number): void {
  for (const { place, condition } of situation.openConditionsOf(deviceId)) {
    const { prefix, kind } = condition.key;
    for (const source of Object.keys(condition.sources))
      situation.tell(place, deviceId, prefix, kind, { kind: 'sourceInactive', source, at, live: true }, effects);
  }
}
