import {
  classify,
  defaultClassification,
  type Classification,
  type ClassificationTable,
  type Level,
  type LimitRule,
} from '@fengsui/alarm';
import type { Area, Circuit, DeviceModel, Organisation, Venue } from '@fengsui/protocol';
import { partitionOf } from '../journal/partition.ts';
import type { Store } from '../store/store.ts';
import { genericModels } from './device-model.ts';
import { FactoryBook } from '../factory/factory-book.ts';
import { ForeignSources } from './foreign-sources.ts';
import type { ContactRecord, DeviceRecord, RegistryChange } from './registry-change.ts';
import { RelayTargets } from './relay-targets.ts';
import { RuleBook, type RulePlace } from '../rules/rule-book.ts';
import { isInScope, type Scope } from '../access/scope.ts';

const circuitKey = (deviceId: string, prefix: string): string => `${deviceId}/${prefix}`;

/** What the registry keeps, in memory; changed only by applied `registryChange` entries. */
export class Registry {
  readonly #organisations = new Map<string, Organisation>();
  readonly #venues = new Map<string, Venue>();
  /** Venues below an organisation, until an owner changes. */
  readonly #below = new Map<string, readonly string[]>();
  readonly #areas = new Map<string, Area>();
  readonly #contacts = new Map<string, ContactRecord>();
  readonly #contactsByVenue = new Map<string, Set<string>>();
  readonly #devices = new Map<string, DeviceRecord>();
  readonly #deviceByGbAddress = new Map<string, string>();
  readonly #circuits = new Map<string, Circuit>();
  readonly #models = new Map<string, DeviceModel>(genericModels.map((model) => [model.id, model]));
  readonly #tables = new WeakMap<DeviceModel, ClassificationTable>();
  /** Platforms that push messages, and how these are read. */
  readonly foreign = new ForeignSources();
  /** Batches, results at the end of the line, calibrations. */
  readonly factory = new FactoryBook();
  /** Other centres that frames of transmission devices are passed on to. */
  readonly relays = new RelayTargets();
  /** Rules that people wrote. */
  readonly rules = new RuleBook();

  async load(store: Store): Promise<void> {
    const docs = async (sql: string): Promise<readonly unknown[]> => (await store.query(sql)).map((row) => row['doc']);
    for (const doc of await docs('select doc from device_model order by id, version')) {
      this.apply({ kind: 'modelPut', model: doc as DeviceModel });
    }
    for (const doc of await docs('select doc from organisation'))
      this.apply({ kind: 'organisationPut', organisation: doc as Organisation });
    for (const doc of await docs('select doc from venue')) this.apply({ kind: 'venuePut', venue: doc as Venue });
    for (const doc of await docs('select doc from area')) this.apply({ kind: 'areaPut', area: doc as Area });
    for (const doc of await docs(`select doc from contact where doc->>'isRemoved' is null`))
      this.apply({ kind: 'contactPut', contact: doc as ContactRecord });
    for (const doc of await docs('select doc from device'))
      this.apply({ kind: 'devicePut', device: doc as DeviceRecord });
    for (const doc of await docs('select doc from circuit'))
      this.apply({ kind: 'circuitPut', circuit: doc as Circuit });
    await this.foreign.load(store);
    await this.factory.load(store);
    await this.relays.load(store);
    await this.rules.load(store);
  }

  apply(change: RegistryChange): void {
    switch (change.kind) {
      case 'organisationPut':
        this.#organisations.set(change.organisation.id, change.organisation);
        this.#below.clear();
        return;
      case 'venuePut':
        this.#venues.set(change.venue.id, change.venue);
        this.#below.clear();
        return;
      case 'areaPut':
        this.#areas.set(change.area.id, change.area);
        return;
      case 'contactPut':
        this.#putContact(change.contact, change.isRemoved === true);
        return;
      case 'modelPut':
        this.#putModel(change.model);
        return;
      case 'devicePut':
        this.#putDevice(change.device);
        return;
      case 'circuitPut':
        this.#circuits.set(circuitKey(change.circuit.deviceId, change.circuit.prefix), change.circuit);
        return;
      case 'sourcePut':
        this.foreign.putSource(change.source);
        return;
      case 'mappingPut':
        this.foreign.putMapping(change.kept);
        return;
      case 'relayPut':
        this.relays.put(change.target);
        return;
      case 'rulePut':
        this.rules.put(change.version);
        return;
      case 'batchPut':
      case 'endOfLinePut':
      case 'calibrationPut':
        this.factory.apply(change);
        return;
      case 'deviceHistory':
        // Rows only: nobody decides by them.
        return;
    }
  }

  /** The newer version counts, whether it came with the product or at run time. */
  #putModel(model: DeviceModel): void {
    const known = this.#models.get(model.id);
    if (known === undefined || model.version > known.version) this.#models.set(model.id, model);
  }

  #putDevice(device: DeviceRecord): void {
    const before = this.#devices.get(device.id)?.gb?.address;
    if (before !== undefined && this.#deviceByGbAddress.get(before) === device.id)
      this.#deviceByGbAddress.delete(before);
    this.#devices.set(device.id, device);
    if (device.gb !== undefined) this.#deviceByGbAddress.set(device.gb.address, device.id);
  }

  #putContact(contact: ContactRecord, isRemoved: boolean): void {
    const { id, venueId } = contact;
    const ofVenue = this.#contactsByVenue.get(venueId) ?? new Set();
    this.#contactsByVenue.set(venueId, ofVenue);
    if (isRemoved) {
      this.#contacts.delete(id);
      ofVenue.delete(id);
    } else {
      this.#contacts.set(id, contact);
      ofVenue.add(id);
    }
  }

  organisation(id: string): Organisation | undefined {
    return this.#organisations.get(id);
  }

  venue(id: string): Venue | undefined {
    return this.#venues.get(id);
  }

  area(id: string): Area | undefined {
    return this.#areas.get(id);
  }

  contact(id: string): ContactRecord | undefined {
    return this.#contacts.get(id);
  }

  device(id: string): DeviceRecord | undefined {
    return this.#devices.get(id);
  }

  /** `address`: 12 hex digits, lower case, wire order. */
  deviceByGbAddress(address: string): DeviceRecord | undefined {
    return this.#devices.get(this.#deviceByGbAddress.get(address) ?? '');
  }

  /** The branch of a terminal; `prefix` is that of its points (`c1`). */
  circuit(deviceId: string, prefix: string): Circuit | undefined {
    return this.#circuits.get(circuitKey(deviceId, prefix));
  }

  model(id: string): DeviceModel | undefined {
    return this.#models.get(id);
  }

  models(): readonly DeviceModel[] {
    return [...this.#models.values()];
  }

  /** The model's own limits, their ids made unique among all rules: `generic-pyrolysis:alarm`. */
  modelLimits(modelId: string): readonly LimitRule[] {
    return (this.#models.get(modelId)?.limits ?? []).map((limit) => ({ ...limit, id: `${modelId}:${limit.id}` }));
  }

  /** Category and priority of what a device says: the product's table with the kinds of the device's model. */
  classify(
    modelId: string,
    kind: string,
    level: Level,
  ): { readonly classification: Classification; readonly unmapped?: true } {
    const model = this.#models.get(modelId);
    if (model === undefined) return classify(kind, level);
    let table = this.#tables.get(model);
    if (table === undefined) {
      const own = model.events.flatMap((event) =>
        event.classification === undefined ? [] : [[event.kind, event.classification] as const],
      );
      table = { ...defaultClassification, ...Object.fromEntries(own) };
      this.#tables.set(model, table);
    }
    const found = classify(kind, level, table);
    // A kind that the model lists is no stranger, even when it says nothing of its urgency.
    return model.events.some((event) => event.kind === kind) ? { classification: found.classification } : found;
  }

  organisations(scope: Scope): readonly Organisation[] {
    const owners = new Set(this.venues(scope).map(({ organisationId }) => organisationId));
    return [...this.#organisations.values()].filter(({ id }) => scope.venues === 'all' || owners.has(id));
  }

  venues(scope: Scope): readonly Venue[] {
    return [...this.#venues.values()].filter(({ id }) => isInScope(scope, id));
  }

  areas(scope: Scope): readonly Area[] {
    return [...this.#areas.values()].filter(({ venueId }) => isInScope(scope, venueId));
  }

  /** In no order; of no venue: those of the duty desk. */
  contactsOf(venueId: string): readonly ContactRecord[] {
    return [...(this.#contactsByVenue.get(venueId) ?? [])].flatMap((id) => this.#contacts.get(id) ?? []);
  }

  /** Of venues; the people of the duty desk are of none. */
  contacts(scope: Scope): readonly ContactRecord[] {
    return [...this.#contacts.values()].filter(({ venueId }) => venueId !== '' && isInScope(scope, venueId));
  }

  circuits(scope: Scope): readonly Circuit[] {
    return [...this.#circuits.values()].filter(({ venueId }) => isInScope(scope, venueId));
  }

  devices(scope: Scope): readonly DeviceRecord[] {
    return [...this.#devices.values()].filter(({ venueId }) => isInScope(scope, venueId));
  }

  /** For the situation and the doors, which serve every venue. */
  allDevices(): IterableIterator<DeviceRecord> {
    return this.#devices.values();
  }

  /** The devices that have stood in the place of this one, newest first; it is one of them. */
  placeOf(id: string): readonly string[] {
    const before = this.#chain(id, ({ replaces }) => replaces);
    const after = this.#chain(id, ({ replacedBy }) => replacedBy);
    return [...after.reverse(), ...before.slice(1)];
  }

  /** The owner of a venue, and every organisation above it. */
  organisationsOf(venueId: string): readonly string[] {
    const found: string[] = [];
    for (let id = this.#venues.get(venueId)?.organisationId; id !== undefined && !found.includes(id);) {
      found.push(id);
      id = this.#organisations.get(id)?.parentId;
    }
    return found;
  }

  /** Venues owned by the organisation, or by any below it. */
  venuesBelow(organisationId: string): readonly string[] {
    let found = this.#below.get(organisationId);
    if (found === undefined) {
      found = [...this.#venues.keys()].filter((id) => this.organisationsOf(id).includes(organisationId));
      this.#below.set(organisationId, found);
    }
    return found;
  }

  /** What of a venue and a model decides which rules watch a device. */
  rulePlace(venueId: string, model: string | undefined): RulePlace {
    const venueClass = this.#venues.get(venueId)?.class;
    return { model, venueClass, organisations: this.organisationsOf(venueId) };
  }

  /** From a device along its predecessors or successors; the device itself is the first. */
  #chain(id: string, next: (device: DeviceRecord) => string | undefined): string[] {
    const found: string[] = [];
    for (let at = this.#devices.get(id); at !== undefined && !found.includes(at.id);) {
      found.push(at.id);
      at = this.#devices.get(next(at) ?? '');
    }
    return found;
  }

  isGateway(deviceId: string): boolean {
    return this.model(this.device(deviceId)?.model ?? '')?.gateway === true;
  }

  partitionOf(venueId: string): number {
    return partitionOf(venueId);
  }
}
