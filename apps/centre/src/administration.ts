import {
  roles,
  type Account,
  type ApiToken,
  type CommandKey,
  type DeviceLifeState,
  type DeviceModel,
  type ImportReport,
  NewSource,
  type RelayMode,
  RelaySettings,
  type Role,
  type Venue,
  type VenueClass,
  type WorkOrder,
  type WorkOrderState,
  type WorkOrderStep,
} from '@fengsui/protocol';
import { Check, Errors } from 'typebox/value';
import type { AuditDraft, AuditRow } from './audit/audit-row.ts';
import { plainText } from './audit/plain-text.ts';
import type { AuditFindings } from './audit/audit-inspection.ts';
import { listAudit, type AuditFilter } from './audit/read-audit.ts';
import { shownRequest } from './audit/shown-request.ts';
import type { Refusal } from './access/refusal.ts';
import type { Core } from './core.ts';
import { exportRegistry } from './registry/import/export-registry.ts';
import { labelsOf, type Label, type LabelLanguage } from './paper/label.ts';
import { admitted } from './registry/device-life.ts';
import { createClaim, createClaims, rotateSecret } from './intake/device-credential.ts';
import type { NewDevice } from './registry/new-device.ts';
import { createSource, revokeSource } from './registry/foreign-desk.ts';
import type { DeviceTest } from './registry/registry-desk.ts';
import { putRelay, setRelayMode } from './registry/relay-desk.ts';
import type { RelayTarget } from './registry/relay-targets.ts';
import type { Replacement } from './registry/replace-device.ts';
import { readSheets } from './registry/workbook/read-sheets.ts';
import type { Sheet } from './registry/workbook/sheet.ts';
import { findWorkOrderByNumber, listWorkOrders, workOrderHistory } from './workorder/list-work-orders.ts';

/** A command that cannot be done, with what to do instead. */
export class AdministrationError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export type LabelOrder = {
  readonly venueIds?: readonly string[];
  readonly wave?: string;
  readonly claim: boolean;
  readonly language: LabelLanguage;
};

export type { NewDevice } from './registry/new-device.ts';

/** In the history of devices: who may write the data folder needs no account. */
const LOCAL = 'command line';
const AUDIT_PATIENCE_MS = 10_000;
/** Commands that change nothing, and give out nothing that is sensitive. */
const LOOKS: ReadonlySet<string> = new Set([
  'ping',
  'commandKeys',
  'listModels',
  'listRelays',
  'listTokens',
  'workOrder',
  'workOrders',
]);

/** What `fengsui user|token|device|venue` do: the same with the centre running (local socket) and stopped. */
export class Administration {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  /** Does what a command asks, with a row before and after; what only looks at the house has none. */
  async onRecord<Result>(command: string, parameters: object, perform: () => Promise<Result>): Promise<Result> {
    if (LOOKS.has(command)) return perform();
    const { audit } = this.#core;
    const what = shownRequest(parameters);
    const draft = { by: LOCAL, via: 'commandLine', act: plainText(command, 64) } as const;
    const asked: AuditDraft = { ...draft, ...(what !== undefined && { what }), result: 'asked' };
    if (!(await audit.append(asked, { patienceMs: AUDIT_PATIENCE_MS }))) {
      await audit.append({ ...draft, result: 'refused', code: 'auditUnavailable' }, { mustGoOn: true });
      throw new AdministrationError('auditUnavailable', 'it cannot be put on record right now: nothing was done');
    }
    try {
      const result = await perform();
      await audit.append({ ...draft, result: 'done' }, { mustGoOn: true });
      return result;
    } catch (error) {
      const isRefused = error instanceof AdministrationError;
      const outcome = isRefused ? ({ result: 'refused', code: error.code } as const) : ({ result: 'failed' } as const);
      await audit.append({ ...draft, ...outcome }, { mustGoOn: true });
      throw error;
    }
  }

  /** Whether the audit is whole, and what its stamps and kept heads say. */
  verifyAudit(): Promise<AuditFindings> {
    return this.#core.auditInspection.run(LOCAL);
  }

  /** Newest first. */
  audit(filter: AuditFilter): Promise<readonly AuditRow[]> {
    return listAudit(this.#core.store, filter);
  }

  async createUser(
    username: string,
    password: string,
    role: string,
    venueIds?: readonly string[],
    organisationId?: string,
  ): Promise<Account> {
    const venues = this.#knownVenues(venueIds);
    const more = { organisationId: this.#knownOrganisation(organisationId) };
    return accepted(await this.#core.accounts.create(username, password, asRole(role), venues, more));
  }

  users(): readonly Account[] {
    return this.#core.accounts.list();
  }

  async disableUser(username: string, disabled: boolean): Promise<Account> {
    return accepted(await this.#core.accounts.change(username, { disabled }, LOCAL));
  }

  /** A one-time password, shown this once. */
  async giveUserPassword(username: string): Promise<{ readonly password: string }> {
    return accepted(await this.#core.accounts.credentials.givePassword(username));
  }

  /** Whoever guessed this account's password too often may try again. */
  async unlockUser(username: string): Promise<void> {
    if (!this.users().some((account) => account.username === username))
      throw new AdministrationError('notFound', `account ${username} does not exist`);
    this.#core.accounts.throttle.forget(username);
  }

  /** Whoever has lost his second factor logs in with the password alone, and all his log-ins end. */
  async removeSecondFactor(username: string): Promise<void> {
    const refusal = await this.#core.accounts.credentials.removeFactor(username);
    if (refusal !== undefined) throw new AdministrationError(refusal.refused.code, refusal.refused.detail);
  }

  async createToken(
    role: string,
    venueIds?: readonly string[],
    name = `token for ${role}`,
    days?: number,
    organisationId?: string,
  ): Promise<{ readonly token: string }> {
    const expiresAt = days === undefined ? undefined : this.#core.clock.now() + days * 86_400_000;
    const venues = this.#knownVenues(venueIds);
    const owner = this.#knownOrganisation(organisationId);
    const { tokens } = this.#core.accounts;
    return { token: await tokens.create(name, asRole(role), venues, expiresAt, undefined, owner) };
  }

  tokens(): readonly ApiToken[] {
    return this.#core.accounts.tokens.list();
  }

  async revokeToken(id: string): Promise<{ readonly name: string }> {
    const name = await this.#core.accounts.tokens.revoke(id);
    if (name === undefined)
      throw new AdministrationError('notFound', `token ${id} does not exist; token list has their ids`);
    return { name };
  }

  /** The device with its secret, which is shown this once. A venue that does not exist yet is made with it. */
  createDevice(
    device: NewDevice,
  ): Promise<{ readonly deviceId: string; readonly secret: string; readonly venueCreated: boolean }> {
    return this.#core.registryDesk.createDevice(device, LOCAL, { makesVenue: true });
  }

  revokeDevice(id: string): Promise<void> {
    return this.#core.registryDesk.revokeDevice(id, LOCAL);
  }

  renewSecret(id: string): Promise<{ readonly deviceId: string; readonly secret: string }> {
    return this.#core.registryDesk.renewSecret(id, LOCAL);
  }

  /** A new secret beside the old one, which ends when the new one is used, or after a day. */
  async rotateSecret(
    id: string,
  ): Promise<{ readonly deviceId: string; readonly secret: string; readonly oldValidUntil: string }> {
    const { deviceId, secret, oldValidUntil } = await rotateSecret(this.#core.registryDesk, id, LOCAL);
    return { deviceId, secret, oldValidUntil: new Date(oldValidUntil).toISOString() };
  }

  /** A one-time code with which the device gets its secret itself. */
  async claimDevice(
    id: string,
  ): Promise<{ readonly deviceId: string; readonly claimCode: string; readonly expiresAt: string }> {
    const { deviceId, claimCode, expiresAt } = await createClaim(this.#core.registryDesk, id, LOCAL);
    return { deviceId, claimCode, expiresAt: new Date(expiresAt).toISOString() };
  }

  /** Public keys of this centre, to be pinned by devices. */
  commandKeys(): { readonly commandKeys: readonly CommandKey[] } {
    return { commandKeys: [this.#core.commandSigner.publicKey] };
  }

  async changeDeviceLife(id: string, to: DeviceLifeState, reason: string): Promise<{ readonly life: DeviceLifeState }> {
    await this.#core.registryDesk.changeLife(id, to, reason, LOCAL);
    return { life: to };
  }

  async testDevice(id: string, test: DeviceTest): Promise<void> {
    await this.#core.registryDesk.recordTest(id, test, LOCAL);
  }

  replaceDevice(replacement: Replacement): Promise<{ readonly deviceId: string; readonly secret: string }> {
    return this.#core.registryDesk.replace(replacement, LOCAL);
  }

  /** Labels of devices, of all of them when neither venues nor a wave are named; with `claim` each gets a new code. */
  async labels(wanted: LabelOrder): Promise<readonly Label[]> {
    const { registry } = this.#core.situation;
    const venues = this.#knownVenues(wanted.venueIds);
    const devices = registry
      .devices({ venues: venues ?? 'all' })
      .filter(({ venueId }) => wanted.wave === undefined || registry.venue(venueId)?.wave === wanted.wave)
      .filter((device) => admitted(device) === 'accepted');
    const ids = devices.map(({ id }) => id);
    const claims = wanted.claim ? await createClaims(this.#core.registryDesk, ids, LOCAL) : [];
    const codes = new Map(claims.map(({ deviceId, claimCode }) => [deviceId, claimCode]));
    return labelsOf(registry, devices, wanted.language, codes);
  }

  createVenue(id: string, name: string, venueClass: VenueClass): Promise<Venue> {
    return this.#core.registryDesk.createVenue(id, name, venueClass);
  }

  /** Preview or import of workbooks and CSV files, as they lie on the disk of the caller. */
  async importRegistry(
    files: readonly { readonly name: string; readonly base64: string }[],
    isPreview: boolean,
  ): Promise<ImportReport> {
    const sheets: Sheet[] = [];
    for (const { name, base64 } of files) sheets.push(...(await readSheets(name, Buffer.from(base64, 'base64'))));
    const desk = this.#core.registryDesk;
    return isPreview ? desk.previewImport(sheets, LOCAL) : desk.import(sheets, LOCAL);
  }

  /** The registry as sheets, the heading first. */
  exportRegistry(language: 'zh' | 'en'): readonly Sheet[] {
    return exportRegistry(this.#core.situation.registry, { venues: 'all' }, language);
  }

  /** Work orders of every venue, newest first; without `states` those that are not closed. */
  workOrders(limit: number, states?: readonly WorkOrderState[]): Promise<readonly WorkOrder[]> {
    return listWorkOrders({ venues: 'all' }, this.#core.store, { limit, ...(states !== undefined && { states }) });
  }

  /** One by its number, with its history. */
  async workOrder(number: number): Promise<{ readonly order: WorkOrder; readonly steps: readonly WorkOrderStep[] }> {
    const { store } = this.#core;
    const order = await findWorkOrderByNumber(store, number);
    if (order === undefined) throw new AdministrationError('notFound', `work order ${number} does not exist`);
    return { order, steps: await workOrderHistory({ venues: 'all' }, store, order.id) };
  }

  /** A foreign platform with its secret, which is shown this once; an outside broker has none of ours. */
  async createSource(source: NewSource): Promise<{ readonly sourceId: string; readonly secret?: string }> {
    if (!Check(NewSource, source)) {
      const [problem] = Errors(NewSource, source);
      throw new AdministrationError(
        'invalidSource',
        `source: ${problem?.instancePath ?? ''} ${problem?.message ?? ''}`,
      );
    }
    return createSource(this.#core.registryDesk, source, LOCAL);
  }

  revokeSource(id: string): Promise<void> {
    return revokeSource(this.#core.registryDesk, id, LOCAL);
  }

  relays(): readonly RelayTarget[] {
    return this.#core.situation.registry.relays.all();
  }

  /** Makes a relay, off at first, or changes one. */
  async putRelay(id: string, settings: RelaySettings): Promise<RelayTarget> {
    if (!Check(RelaySettings, settings)) {
      const [problem] = Errors(RelaySettings, settings);
      throw new AdministrationError('invalidRelay', `relay: ${problem?.instancePath ?? ''} ${problem?.message ?? ''}`);
    }
    return putRelay(this.#core.registryDesk, id, settings, LOCAL);
  }

  setRelayMode(id: string, mode: RelayMode, reason: string): Promise<RelayTarget> {
    return setRelayMode(this.#core.registryDesk, id, mode, reason, LOCAL);
  }

  /** A model as its file has it. */
  addModel(document: unknown): Promise<DeviceModel> {
    return this.#core.registryDesk.putModel(document);
  }

  models(): readonly DeviceModel[] {
    return this.#core.situation.registry.models();
  }

  async founderToken(): Promise<string | undefined> {
    return this.#core.accounts.createFounderLink();
  }

  #knownVenues(venueIds: readonly string[] | undefined): readonly string[] | undefined {
    const unknown = venueIds?.find((id) => this.#core.situation.registry.venue(id) === undefined);
    if (unknown !== undefined)
      throw new AdministrationError('unknownVenue', `venue ${JSON.stringify(unknown)} does not exist`);
    return venueIds;
  }

  #knownOrganisation(id: string | undefined): string | undefined {
    if (id !== undefined && this.#core.situation.registry.organisation(id) === undefined)
      throw new AdministrationError('unknownOrganisation', `organisation ${JSON.stringify(id)} does not exist`);
    return id;
  }
}

function accepted<Outcome extends object>(outcome: Outcome | Refusal): Outcome {
  if ('refused' in outcome) throw new AdministrationError(outcome.refused.code, outcome.refused.detail);
  return outcome;
}

function asRole(role: string): Role {
  const known = roles.find((candidate) => candidate === role);
  if (known !== undefined && known !== 'founder') return known;
  throw new AdministrationError(
    'unknownRole',
    `role ${JSON.stringify(role)} is unknown; known are ${roles.filter((name) => name !== 'founder').join(', ')}`,
  );
}
