import { hashSecret, type Core, type RegistryChange } from '@fengsui/centre';
import { createDemoCity } from '@fengsui/city';
import { demoAreas, demoCircuits, stageOfVenue } from './demo-places.ts';
import { DEMO_SEED, demoKey, demoSecret } from './demo-secret.ts';

const CONTRACTED_INTERVAL_MS = 10_000;

/** Registers the demo city's organisations, venues, rooms, devices and circuits, once; all of origin `simulated`. */
export async function seedDemoCity(core: Core, folder: string): Promise<void> {
  const city = createDemoCity(DEMO_SEED);
  const key = await demoKey(folder);
  const { registry } = core.situation;
  const areas = demoAreas(city);
  const isNew = city.devices.some(({ id }) => registry.device(id) === undefined);
  const changes: RegistryChange[] = [
    ...city.organisations
      .filter(({ id }) => registry.organisation(id) === undefined)
      .map((organisation): RegistryChange => ({ kind: 'organisationPut', organisation })),
    ...city.venues
      .filter(({ id }) => registry.venue(id) === undefined)
      .map(({ demo: _marked, ...venue }): RegistryChange => ({
        kind: 'venuePut',
        venue: { ...venue, ...stageOfVenue(venue.id) },
      })),
    ...(isNew ? areas.changes : []),
    ...city.devices
      .filter(({ id }) => registry.device(id) === undefined)
      .map(({ simulation: _how, ...device }): RegistryChange => {
        const areaId = areas.areaOf(device.id);
        return {
          kind: 'devicePut',
          device: {
            ...device,
            ...(areaId !== undefined && { areaId }),
            origin: 'simulated',
            secretSha256: hashSecret(demoSecret(key, device.id)),
            // Boards report every second and owe a report every ten: a machine that is busy is no silent device.
            reportingIntervalMs: Math.max(device.reportingIntervalMs, CONTRACTED_INTERVAL_MS),
          },
        };
      }),
    ...(isNew ? demoCircuits(city) : []),
  ];
  if (changes.length > 0) await core.changeRegistry(changes);
}
