import {
  cableProblems,
  deviceModelProblems,
  isWireId,
  modelSuccessionProblems,
  type Area,
  type Circuit,
  type DeviceLifeState,
  type DeviceModel,
  type ImportReport,
  type Organisation,
  type Venue,
  type VenueClass,
} from '@fengsui/protocol';
import { createSecret, hashSecret } from '../intake/device-secret.ts';
import type { Clock } from '../platform/clock.ts';
import { areaParentProblem } from './area-tree.ts';
import { defaultOrganisation } from './default-organisation.ts';
import { lifeOf, lifeProblem } from './device-life.ts';
import { planImport } from './import/plan-import.ts';
import { newDeviceRecord, registered, type NewDevice } from './new-device.ts';
import type { DeviceHistoryLine, DeviceRecord, RegistryChange } from './registry-change.ts';
import { RegistryRefusal } from './registry-refusal.ts';
import type { Registry } from './registry.ts';
import { replaceDevice, type Replacement } from './replace-device.ts';
import { sameJson } from './same-json.ts';
import type { Sheet } from './workbook/sheet.ts';

export type DeviceTest = {
  readonly passed: boolean;
  /** What was triggered; absent = the device as a whole. */
  readonly point?: string;
  readonly note?: string;
};

/**
 * Where people's changes of the registry are checked and written, one after the other: what was checked is still so
 * when it is written. `by` is who asks.
 */
export class RegistryDesk {
  readonly #registry: Registry;
  readonly #clock: Clock;
  readonly #write: (changes: readonly RegistryChange[]) => Promise<void>;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: {
    readonly registry: Registry;
    readonly clock: Clock;
    readonly write: (changes: readonly RegistryChange[]) => Promise<void>;
  }) {
    this.#registry = options.registry;
    this.#clock = options.clock;
    this.#write = options.write;
  }

  /** Checks and writes when everything before it is done; `work` throws a RegistryRefusal to write nothing. */
  change<Result>(
    work: (registry: Registry, at: number) => { readonly changes: readonly RegistryChange[]; readonly result: Result },
  ): Promise<Result> {
    const turn = this.#last.then(async () => {
      const { changes, result } = work(this.#registry, this.#clock.now());
      if (changes.length > 0) await this.#write(changes);
      return result;
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** The device with its secret, which is shown this once. A venue that does not exist yet is made with it. */
  createDevice(
    device: NewDevice,
    by: string,
    options: { readonly makesVenue: boolean } = { makesVenue: false },
  ): Promise<{ readonly deviceId: string; readonly secret: string; readonly venueCreated: boolean }> {
    return this.change((registry, at) => {
      const changes: RegistryChange[] = [];
      const known = registry.venue(device.venueId);
      if (known === undefined && !options.makesVenue) throw unknownVenue(device.venueId);
      const venue = known ?? newVenue(registry, device.venueId, changes);
      const { record, secret } = newDeviceRecord(registry, device, venue);
      changes.push({ kind: 'devicePut', device: record }, registered(record, by, at));
      return { changes, result: { deviceId: record.id, secret, venueCreated: known === undefined } };
    });
  }

  createVenue(id: string, name: string, venueClass: VenueClass): Promise<Venue> {
    return this.change((registry) => {
      if (registry.venue(id) !== undefined) throw new RegistryRefusal('venueExists', `venue ${id} exists already`);
      const changes: RegistryChange[] = [];
      return { result: newVenue(registry, id, changes, name, venueClass), changes };
    });
  }

  putOrganisation(organisation: Organisation): Promise<Organisation> {
    return this.change((registry) => {
      checkId('organisation', organisation.id);
      const { parentId } = organisation;
      if (parentId !== undefined && (parentId === organisation.id || registry.organisation(parentId) === undefined))
        throw new RegistryRefusal('unknownParent', `parentId is ${parentId}: expected another organisation`);
      const before = registry.organisation(organisation.id);
      if (before !== undefined && before.demo !== organisation.demo)
        throw new RegistryRefusal('demoFixed', `organisation ${organisation.id}: demo is ${before.demo} for good`);
      return { changes: [{ kind: 'organisationPut', organisation }], result: organisation };
    });
  }

  /** Life and wave of a venue that is known stay: they have doors of their own. */
  putVenue(venue: Omit<Venue, 'origin'>): Promise<Venue> {
    return this.change((registry) => {
      checkId('venue', venue.id);
      const owner = registry.organisation(venue.organisationId);
      if (owner === undefined)
        throw new RegistryRefusal(
          'unknownOrganisation',
          `organisationId is ${venue.organisationId}: expected an organisation`,
        );
      const known = registry.venue(venue.id);
      const origin = known?.origin ?? (owner.demo ? 'simulated' : 'live');
      const { life, wave } = known ?? venue;
      const { life: _asked, wave: _wanted, ...rest } = venue;
      const kept = { ...(life !== undefined && { life }), ...(wave !== undefined && { wave }) };
      const result: Venue = { ...rest, ...kept, origin };
      return { changes: [{ kind: 'venuePut', venue: result }], result };
    });
  }

  /** The batch in which a venue is put into operation; '' takes it out. */
  putWave(id: string, wave: string): Promise<Venue> {
    return this.change((registry) => {
      const known = registry.venue(id);
      if (known === undefined) throw unknownVenue(id);
      const { wave: _before, ...venue } = known;
      const result: Venue = wave === '' ? venue : { ...venue, wave };
      return { changes: [{ kind: 'venuePut', venue: result }], result };
    });
  }

  putArea(area: Area): Promise<Area> {
    return this.change((registry) => {
      checkId('area', area.id);
      if (registry.venue(area.venueId) === undefined) throw unknownVenue(area.venueId);
      const before = registry.area(area.id);
      if (before !== undefined && before.venueId !== area.venueId)
        throw new RegistryRefusal('areaElsewhere', `area ${area.id} belongs to venue ${before.venueId} for good`);
      const problem = areaParentProblem(area, (id) => registry.area(id));
      if (problem !== undefined) throw new RegistryRefusal('invalidParent', problem);
      return { changes: [{ kind: 'areaPut', area }], result: area };
    });
  }

  putCircuit(circuit: Omit<Circuit, 'venueId'>): Promise<Circuit> {
    return this.change((registry) => {
      const device = deviceOf(registry, circuit.deviceId);
      const points = registry.model(device.model)?.points ?? [];
      const problems = circuit.cable === undefined ? [] : [...cableProblems(circuit.cable)];
      for (const [field, prefix] of [
        ['prefix', circuit.prefix],
        ['probe', circuit.probe],
      ] as const) {
        if (prefix !== undefined && !points.some(({ id }) => id.startsWith(`${prefix}.`)))
          problems.push(`${field} is ${prefix}: expected the prefix of a point of model ${device.model}`);
      }
      if (circuit.areaId !== undefined && registry.area(circuit.areaId)?.venueId !== device.venueId)
        problems.push(`areaId is ${circuit.areaId}: expected an area of venue ${device.venueId}`);
      if (problems.length > 0) throw new RegistryRefusal('invalidCircuit', problems.join('; '));
      const result: Circuit = { ...circuit, venueId: device.venueId };
      return { changes: [{ kind: 'circuitPut', circuit: result }], result };
    });
  }

  /** Adds a model, or a later version of one. The same version with the same content is there already. */
  putModel(document: unknown): Promise<DeviceModel> {
    return this.change((registry) => {
      const problems = deviceModelProblems(document);
      if (problems.length > 0) throw new RegistryRefusal('invalidModel', problems.join('\n'));
      const model = document as DeviceModel;
      const before = registry.model(model.id);
      if (before !== undefined && sameJson(before, model)) return { changes: [], result: before };
      const succession = before === undefined ? [] : modelSuccessionProblems(before, model);
      if (succession.length > 0) throw new RegistryRefusal('invalidModelVersion', succession.join('\n'));
      return { changes: [{ kind: 'modelPut', model }], result: model };
    });
  }

  changeLife(id: string, to: DeviceLifeState, reason: string, by: string): Promise<DeviceRecord> {
    return this.change((registry, at) => {
      const device = deviceOf(registry, id);
      const from = lifeOf(device);
      const problem = lifeProblem(from, to);
      if (problem !== undefined) throw new RegistryRefusal('lifeTransition', `device ${id}: ${problem}`);
      const failed = registry.factory.lifeProblem(id, to);
      if (failed !== undefined) throw new RegistryRefusal('endOfLineFailed', failed);
      if (reason.trim() === '') throw new RegistryRefusal('reasonMissing', 'reason is empty: expected why');
      const result: DeviceRecord = { ...device, life: to };
      return {
        changes: [
          { kind: 'devicePut', device: result },
          historyLine({ deviceId: id, at, by, kind: 'life', from, to, reason }),
        ],
        result,
      };
    });
  }

  recordTest(id: string, test: DeviceTest, by: string): Promise<DeviceRecord> {
    return this.change((registry, at) => {
      const device = deviceOf(registry, id);
      if (lifeOf(device) === 'retired') throw new RegistryRefusal('deviceRetired', `device ${id} is retired`);
      const points = registry.model(device.model)?.points ?? [];
      const { point, passed, note } = test;
      if (point !== undefined && !points.some((known) => known.id === point || known.id.startsWith(`${point}.`)))
        throw new RegistryRefusal('unknownPoint', `point is ${point}: expected one of model ${device.model}`);
      const { testFailedAt: _settled, ...rest } = device;
      const result: DeviceRecord = passed ? { ...rest, testedAt: at } : { ...device, testFailedAt: at };
      const line = { deviceId: id, at, by, kind: 'test', passed } as const;
      return {
        changes: [
          { kind: 'devicePut', device: result },
          historyLine({
            ...line,
            ...(point !== undefined && { point }),
            ...(note !== undefined && { reason: note }),
          }),
        ],
        result,
      };
    });
  }

  replace(replacement: Replacement, by: string): Promise<{ readonly deviceId: string; readonly secret: string }> {
    return this.change((registry, at) => {
      const { changes, secret } = replaceDevice(registry, replacement, by, at);
      return { changes, result: { deviceId: replacement.newId, secret } };
    });
  }

  /** What a workbook would do. */
  previewImport(sheets: readonly Sheet[], by: string): ImportReport {
    const { secrets: _notYet, ...report } = planImport(this.#registry, sheets, by, this.#clock.now()).report;
    return report;
  }

  /** One entry of the journal, whatever its size: all of the workbook or, with a single problem, nothing. */
  import(sheets: readonly Sheet[], by: string): Promise<ImportReport> {
    return this.change((registry, at) => {
      const { report, changes } = planImport(registry, sheets, by, at);
      return { changes, result: { ...report, applied: report.problemCount === 0 } };
    });
  }

  /** A new secret; the old one is refused from the next connection on. */
  renewSecret(id: string, by: string): Promise<{ readonly deviceId: string; readonly secret: string }> {
    return this.change((registry, at) => {
      const { revokedAt: _lifted, oldSecret: _old, claim: _unused, ...device } = deviceOf(registry, id);
      if (lifeOf(device) === 'retired') throw new RegistryRefusal('deviceRetired', `device ${id} is retired`);
      const secret = createSecret();
      return {
        changes: [
          { kind: 'devicePut', device: { ...device, secretSha256: hashSecret(secret) } },
          historyLine({ deviceId: id, at, by, kind: 'secret' }),
        ],
        result: { deviceId: id, secret },
      };
    });
  }

  revokeDevice(id: string, by: string): Promise<void> {
    return this.change((registry, at) => ({
      changes: [
        { kind: 'devicePut', device: { ...deviceOf(registry, id), revokedAt: at } },
        historyLine({ deviceId: id, at, by, kind: 'revoked' }),
      ],
      result: undefined,
    }));
  }
}

const historyLine = (line: DeviceHistoryLine): RegistryChange => ({ kind: 'deviceHistory', line });

function deviceOf(registry: Registry, id: string): DeviceRecord {
  const device = registry.device(id);
  if (device === undefined) throw new RegistryRefusal('unknownDevice', `device ${id} is not registered`);
  return device;
}

const unknownVenue = (id: string): RegistryRefusal =>
  new RegistryRefusal('unknownVenue', `venue ${JSON.stringify(id)} does not exist`);

function checkId(what: string, id: string): void {
  if (isWireId(id)) return;
  throw new RegistryRefusal('invalidId', `${what} id ${JSON.stringify(id)}: expected 1 to 64 of A-Z a-z 0-9 . _ -`);
}

function newVenue(
  registry: Registry,
  id: string,
  changes: RegistryChange[],
  name = id,
  venueClass: VenueClass = 'office',
): Venue {
  checkId('venue', id);
  if (registry.organisation(defaultOrganisation.id) === undefined)
    changes.push({ kind: 'organisationPut', organisation: defaultOrganisation });
  const venue: Venue = { id, name, class: venueClass, organisationId: defaultOrganisation.id, origin: 'live' };
  changes.push({ kind: 'venuePut', venue });
  return venue;
}
