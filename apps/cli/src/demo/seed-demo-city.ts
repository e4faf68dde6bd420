import { hashSecret, type Core, type RegistryChange } from '@fengsui/centre';
import { createDemoCity } from '@fengsui/city';
import { DEMO_SEED, demoKey, demoSecret } from './demo-secret.ts';

/** Registers the demo city's organisations, venues and devices, once; all of origin `simulated`. */
export async function seedDemoCity(core: Core, folder: string): Promise<void> {
  const city = createDemoCity(DEMO_SEED);
  const key = await demoKey(folder);
  const { registry } = core.situation;
  const changes: RegistryChange[] = [
    ...city.organisations
      .filter(({ id }) => registry.organisation(id) === undefined)
      .map((organisation): RegistryChange => ({ kind: 'organisationPut', organisation })),
    ...city.venues
      .filter(({ id }) => registry.venue(id) === undefined)
      .map(({ demo: _marked, ...venue }): RegistryChange => ({ kind: 'venuePut', venue })),
    ...city.devices
      .filter(({ id }) => registry.device(id) === undefined)
      .map(({ simulation: _how, ...device }): RegistryChange => ({
        kind: 'devicePut',
        device: { ...device, origin: 'simulated', secretSha256: hashSecret(demoSecret(key, device.id)) },
      })),
  ];
  if (changes.length > 0) await core.changeRegistry(changes);
}
