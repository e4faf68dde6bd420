import type { Circuit, Venue } from '@fengsui/protocol';
import type { Entry } from '../journal/entry.ts';
import type { DeviceModel } from '../registry/device-model.ts';
import type { DeviceRecord, RegistryChange } from '../registry/registry-change.ts';
import type { Registry } from '../registry/registry.ts';
import type { Store } from '../store/store.ts';

/** Devices that reports are of and that the registry does not know. */
export function unknownDevices(registry: Registry, entries: readonly Entry[]): readonly string[] {
  const unknown = new Set<string>();
  for (const { kind, meta } of entries) {
    if (kind !== 'report' || !('deviceId' in meta) || typeof meta.deviceId !== 'string') continue;
    if (meta.deviceId !== '' && registry.device(meta.deviceId) === undefined) unknown.add(meta.deviceId);
  }
  return [...unknown];
}

/** A device that is not in the store is looked for so often, and so long after each look. */
const MOST_LOOKS = 10;
const LOOK_EVERY_MS = 200;

/**
 * A report may be read before the entry that registered its device, which lies in the other lane; it was committed before
 * a gateway let the device in, so the store has it. A door of the centre that leads knows it a moment earlier. What is
 * known already stays as it is.
 */
export async function learnDevices(registry: Registry, store: Store, entries: readonly Entry[]): Promise<true> {
  for (let looks = 0; looks < MOST_LOOKS; looks++) {
    const unknown = unknownDevices(registry, entries);
    if (unknown.length === 0) break;
    if (looks > 0) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    await learn(registry, store, unknown);
  }
  return true;
}

async function learn(registry: Registry, store: Store, ids: readonly string[]): Promise<void> {
  const docs = async <Doc>(sql: string, keys: readonly string[]): Promise<readonly Doc[]> =>
    (await store.query(sql, [keys])).map((row) => row['doc'] as Doc);
  const devices = await docs<DeviceRecord>('select doc from device where id = any($1::text[])', ids);
  const venues = devices.map(({ venueId }) => venueId);
  const models = devices.map(({ model }) => model);
  const changes: RegistryChange[] = [
    ...(await docs<DeviceModel>('select doc from device_model where id = any($1::text[]) order by version', models))
      .filter(({ id }) => registry.model(id) === undefined)
      .map((model): RegistryChange => ({ kind: 'modelPut', model })),
    ...(await docs<Venue>('select doc from venue where id = any($1::text[])', venues))
      .filter(({ id }) => registry.venue(id) === undefined)
      .map((venue): RegistryChange => ({ kind: 'venuePut', venue })),
    ...devices
      .filter(({ id }) => registry.device(id) === undefined)
      .map((device): RegistryChange => ({ kind: 'devicePut', device })),
    ...(await docs<Circuit>('select doc from circuit where device_id = any($1::text[])', ids)).map(
      (circuit): RegistryChange => ({ kind: 'circuitPut', circuit }),
    ),
  ];
  for (const change of changes) registry.apply(change);
}
