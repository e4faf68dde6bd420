import { hashSecret, createSecret } from '../intake/device-secret.ts';
import { lifeOf } from './device-life.ts';
import { newDeviceRecord } from './new-device.ts';
import type { DeviceRecord, RegistryChange } from './registry-change.ts';
import { RegistryRefusal } from './registry-refusal.ts';
import type { Registry } from './registry.ts';

export type Replacement = {
  readonly oldId: string;
  readonly newId: string;
  /** Of a new device that is not registered yet; default that of the old one. */
  readonly model?: string;
  readonly reason: string;
};

/**
 * NEW takes the place of OLD: venue, area, name, gateway, circuits and children; OLD is retired and keeps what it has
 * reported. Both are reachable from either: `replaces`, `replacedBy`.
 */
export function replaceDevice(
  registry: Registry,
  { oldId, newId, model, reason }: Replacement,
  by: string,
  at: number,
): { readonly changes: readonly RegistryChange[]; readonly secret: string } {
  const old = registry.device(oldId);
  if (old === undefined) throw new RegistryRefusal('unknownDevice', `device ${oldId} is not registered`);
  if (lifeOf(old) === 'retired')
    throw new RegistryRefusal('deviceRetired', `device ${oldId} is retired already; nothing stands there to replace`);
  if (newId === oldId) throw new RegistryRefusal('sameDevice', `NEW is ${newId}: expected another device than OLD`);
  const spare =
    registry.device(newId) ??
    newDeviceRecord(
      registry,
      { id: newId, model: model ?? old.model, venueId: old.venueId },
      { id: old.venueId, origin: old.origin },
    ).record;
  checkSpare(registry, old, spare);
  const failed = registry.factory.lifeProblem(newId, 'active');
  if (failed !== undefined) throw new RegistryRefusal('endOfLineFailed', failed);
  const secret = createSecret();
  const { gb: oldGb, ...oldRest } = old;
  const gb = spare.gb ?? oldGb;
  const { id, model: modelId, secretSha256: _unused, revokedAt: _lifted, ...spareRest } = spare;
  const successor: DeviceRecord = {
    ...spareRest,
    ...placeOf(old),
    id,
    model: modelId,
    life: 'active',
    replaces: old.id,
    secretSha256: hashSecret(secret),
    ...(gb !== undefined && { gb }),
  };
  const changes: RegistryChange[] = [
    { kind: 'devicePut', device: { ...oldRest, life: 'retired', replacedBy: id } },
    { kind: 'devicePut', device: successor },
    ...[...registry.allDevices()]
      .filter(({ parentId }) => parentId === old.id)
      .map((child): RegistryChange => ({ kind: 'devicePut', device: { ...child, parentId: id } })),
    ...registry
      .circuits({ venues: [old.venueId] })
      .filter(({ deviceId }) => deviceId === old.id)
      .map((circuit): RegistryChange => ({ kind: 'circuitPut', circuit: { ...circuit, deviceId: id } })),
    history({ deviceId: old.id, kind: 'replaced', from: lifeOf(old), to: 'retired', otherDeviceId: id }),
    history({ deviceId: id, kind: 'replaces', to: 'active', otherDeviceId: old.id }),
  ];
  return { changes, secret };

  function history(
    line: Omit<Extract<RegistryChange, { kind: 'deviceHistory' }>['line'], 'at' | 'by' | 'reason'>,
  ): RegistryChange {
    return { kind: 'deviceHistory', line: { ...line, at, by, reason } };
  }
}

/** What belongs to the place and not to the device. */
function placeOf({ venueId, origin, area, areaEn, areaId, name, nameEn, parentId, reportingIntervalMs }: DeviceRecord) {
  return {
    venueId,
    origin,
    reportingIntervalMs,
    ...(area !== undefined && { area }),
    ...(areaEn !== undefined && { areaEn }),
    ...(areaId !== undefined && { areaId }),
    ...(name !== undefined && { name }),
    ...(nameEn !== undefined && { nameEn }),
    ...(parentId !== undefined && { parentId }),
  };
}

function checkSpare(registry: Registry, old: DeviceRecord, spare: DeviceRecord): void {
  const isKnown = registry.device(spare.id) !== undefined;
  if (isKnown && !['produced', 'tested', 'inStock', 'installed'].includes(lifeOf(spare)))
    throw new RegistryRefusal(
      'deviceInUse',
      `device ${spare.id} is ${lifeOf(spare)}: expected produced, tested, inStock or installed, or an id that is free`,
    );
  if (spare.origin !== old.origin)
    throw new RegistryRefusal('otherOrigin', `device ${spare.id} is ${spare.origin}, ${old.id} is ${old.origin}`);
  const [before, after] = [registry.model(old.model), registry.model(spare.model)];
  const points = new Set(after?.points.map(({ id }) => id));
  const lost = (before?.points ?? []).filter(({ id }) => !points.has(id)).map(({ id }) => id);
  if (after === undefined || lost.length > 0 || after.gateway !== before?.gateway)
    throw new RegistryRefusal(
      'otherPoints',
      `model ${spare.model} lacks ${lost.slice(0, 5).join(', ') || 'what a gateway needs'}: expected the points of ${old.model}`,
    );
}
