import type { Organisation, Venue } from '@fengsui/protocol';
import { partitionOf } from '../journal/partition.ts';
import type { Store } from '../store/store.ts';
import { genericModels, type DeviceModel } from './device-model.ts';
import type { DeviceRecord, RegistryChange } from './registry-change.ts';
import { isInScope, type Scope } from './scope.ts';

/** Organisations, venues and devices in memory; changed only by applied `registryChange` entries. */
export class Registry {
  readonly #organisations = new Map<string, Organisation>();
  readonly #venues = new Map<string, Venue>();
  readonly #devices = new Map<string, DeviceRecord>();
  readonly #models = new Map<string, DeviceModel>(genericModels.map((model) => [model.id, model]));

  async load(store: Store): Promise<void> {
    for (const { doc } of await store.query('select doc from organisation')) {
      const organisation = doc as Organisation;
      this.#organisations.set(organisation.id, organisation);
    }
    for (const { doc } of await store.query('select doc from venue')) {
      const venue = doc as Venue;
      this.#venues.set(venue.id, venue);
    }
    for (const { doc } of await store.query('select doc from device')) {
      const device = doc as DeviceRecord;
      this.#devices.set(device.id, device);
    }
  }

  apply(change: RegistryChange): void {
    switch (change.kind) {
      case 'organisationPut':
        this.#organisations.set(change.organisation.id, change.organisation);
        return;
      case 'venuePut':
        this.#venues.set(change.venue.id, change.venue);
        return;
      case 'devicePut':
        this.#devices.set(change.device.id, change.device);
    }
  }

  organisation(id: string): Organisation | undefined {
    return this.#organisations.get(id);
  }

  venue(id: string): Venue | undefined {
    return this.#venues.get(id);
  }

  device(id: string): DeviceRecord | undefined {
    return this.#devices.get(id);
  }

  model(id: string): DeviceModel | undefined {
    return this.#models.get(id);
  }

  models(): readonly DeviceModel[] {
    return [...this.#models.values()];
  }

  organisations(scope: Scope): readonly Organisation[] {
    const owners = new Set(this.venues(scope).map(({ organisationId }) => organisationId));
    return [...this.#organisations.values()].filter(({ id }) => scope.venues === 'all' || owners.has(id));
  }

  venues(scope: Scope): readonly Venue[] {
    return [...this.#venues.values()].filter(({ id }) => isInScope(scope, id));
  }

  devices(scope: Scope): readonly DeviceRecord[] {
    return [...this.#devices.values()].filter(({ venueId }) => isInScope(scope, venueId));
  }

  /** For the situation and the doors, which serve every venue. */
  allDevices(): IterableIterator<DeviceRecord> {
    return this.#devices.values();
  }

  partitionOf(venueId: string): number {
    return partitionOf(venueId);
  }
}
