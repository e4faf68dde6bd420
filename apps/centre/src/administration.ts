import { isWireId, roles, type Account, type Role, type Venue, type VenueClass } from '@fengsui/protocol';
import type { Core } from './core.ts';
import { createSecret, hashSecret } from './intake/device-secret.ts';
import type { DeviceRecord, RegistryChange } from './registry/registry-change.ts';

/** A command that cannot be done, with what to do instead. */
export class AdministrationError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export type NewDevice = {
  readonly id: string;
  readonly model: string;
  readonly venueId: string;
  readonly parentId?: string;
  readonly name?: string;
  readonly area?: string;
};

const DEFAULT_ORGANISATION = 'default';

/** What `fengsui user|token|device|venue` do: the same with the centre running (local socket) and stopped. */
export class Administration {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  async createUser(username: string, password: string, role: string, venueIds?: readonly string[]): Promise<Account> {
    const created = await this.#core.accounts.create(username, password, asRole(role), this.#knownVenues(venueIds));
    if ('refused' in created) throw new AdministrationError(created.refused.code, created.refused.detail);
    return created;
  }

  async createToken(
    role: string,
    venueIds?: readonly string[],
    name = `token for ${role}`,
    days?: number,
  ): Promise<{ readonly token: string }> {
    const expiresAt = days === undefined ? undefined : this.#core.clock.now() + days * 86_400_000;
    return { token: await this.#core.accounts.createToken(name, asRole(role), this.#knownVenues(venueIds), expiresAt) };
  }

  /** The device with its secret, which is shown this once. A venue that does not exist yet is made with it. */
  async createDevice(
    device: NewDevice,
  ): Promise<{ readonly deviceId: string; readonly secret: string; readonly venueCreated: boolean }> {
    const { registry } = this.#core.situation;
    if (!isWireId(device.id))
      throw new AdministrationError(
        'invalidId',
        `device id ${JSON.stringify(device.id)}: expected 1 to 64 of A-Z a-z 0-9 . _ -`,
      );
    if (registry.device(device.id) !== undefined)
      throw new AdministrationError('deviceExists', `device ${device.id} exists already`);
    const model = registry.model(device.model);
    if (model === undefined) {
      const known = registry.models().map(({ id }) => id);
      throw new AdministrationError(
        'unknownModel',
        `model ${JSON.stringify(device.model)} is unknown; known are ${known.join(', ')}`,
      );
    }
    if (
      device.parentId !== undefined &&
      registry.model(registry.device(device.parentId)?.model ?? '')?.gateway !== true
    ) {
      throw new AdministrationError('unknownParent', `parent ${device.parentId} is not a registered gateway`);
    }
    const changes: RegistryChange[] = [];
    const venue = registry.venue(device.venueId) ?? this.#newVenue(device.venueId, changes);
    const secret = createSecret();
    const record: DeviceRecord = {
      id: device.id,
      model: model.id,
      venueId: venue.id,
      origin: venue.origin,
      ...(device.parentId !== undefined && { parentId: device.parentId }),
      ...(device.name !== undefined && { name: device.name }),
      ...(device.area !== undefined && { area: device.area }),
      reportingIntervalMs: model.reportingIntervalMs,
      secretSha256: hashSecret(secret),
    };
    const venueCreated = changes.length > 0;
    await this.#core.changeRegistry([...changes, { kind: 'devicePut', device: record }]);
    return { deviceId: device.id, secret, venueCreated };
  }

  async revokeDevice(id: string): Promise<void> {
    const device = this.#core.situation.registry.device(id);
    if (device === undefined) throw new AdministrationError('unknownDevice', `device ${id} is not registered`);
    await this.#core.changeRegistry([{ kind: 'devicePut', device: { ...device, revokedAt: this.#core.clock.now() } }]);
  }

  async createVenue(id: string, name: string, venueClass: VenueClass): Promise<Venue> {
    const changes: RegistryChange[] = [];
    if (this.#core.situation.registry.venue(id) !== undefined)
      throw new AdministrationError('venueExists', `venue ${id} exists already`);
    const venue = this.#newVenue(id, changes, name, venueClass);
    await this.#core.changeRegistry(changes);
    return venue;
  }

  async founderToken(): Promise<string | undefined> {
    return this.#core.accounts.createFounderLink();
  }

  #newVenue(id: string, changes: RegistryChange[], name = id, venueClass: VenueClass = 'office'): Venue {
    if (!isWireId(id))
      throw new AdministrationError(
        'invalidId',
        `venue id ${JSON.stringify(id)}: expected 1 to 64 of A-Z a-z 0-9 . _ -`,
      );
    if (this.#core.situation.registry.organisation(DEFAULT_ORGANISATION) === undefined) {
      const organisation = {
        id: DEFAULT_ORGANISATION,
        kind: 'venueOwner',
        name: '未命名单位',
        nameEn: 'Unnamed owner',
        demo: false,
      } as const;
      changes.push({ kind: 'organisationPut', organisation });
    }
    const venue: Venue = { id, name, class: venueClass, organisationId: DEFAULT_ORGANISATION, origin: 'live' };
    changes.push({ kind: 'venuePut', venue });
    return venue;
  }

  #knownVenues(venueIds: readonly string[] | undefined): readonly string[] | undefined {
    const unknown = venueIds?.find((id) => this.#core.situation.registry.venue(id) === undefined);
    if (unknown !== undefined)
      throw new AdministrationError('unknownVenue', `venue ${JSON.stringify(unknown)} does not exist`);
    return venueIds;
  }
}

function asRole(role: string): Role {
  const known = roles.find((candidate) => candidate === role);
  if (known !== undefined && known !== 'founder') return known;
  throw new AdministrationError(
    'unknownRole',
    `role ${JSON.stringify(role)} is unknown; known are ${roles.filter((name) => name !== 'founder').join(', ')}`,
  );
}
