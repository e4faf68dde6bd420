import type {
  Administration,
  AuditFilter,
  AuditFindings,
  AuditRow,
  DeviceTest,
  Label,
  LabelOrder,
  NewDevice,
  RelayTarget,
  Replacement,
  Sheet,
} from '@fengsui/centre';
import type {
  Account,
  ApiToken,
  CommandKey,
  DeviceLifeState,
  DeviceModel,
  ImportReport,
  NewSource,
  RelayMode,
  RelaySettings,
  Venue,
  VenueClass,
  WorkOrder,
  WorkOrderState,
  WorkOrderStep,
} from '@fengsui/protocol';

/** Commands that work on a running centre too, with what they take and give. */
export type AdministrationCall = {
  readonly ping: { readonly parameters: Record<string, never>; readonly result: 'pong' };
  readonly verifyAudit: {
    readonly parameters: Record<string, never>;
    readonly result: AuditFindings;
  };
  readonly listAudit: { readonly parameters: AuditFilter; readonly result: readonly AuditRow[] };
  readonly createUser: {
    readonly parameters: {
      readonly username: string;
      readonly password: string;
      readonly role: string;
      readonly venueIds?: readonly string[];
      readonly organisationId?: string;
    };
    readonly result: Account;
  };
  readonly listTokens: { readonly parameters: Record<string, never>; readonly result: readonly ApiToken[] };
  readonly revokeToken: { readonly parameters: { readonly id: string }; readonly result: { readonly name: string } };
  readonly listUsers: { readonly parameters: Record<string, never>; readonly result: readonly Account[] };
  readonly disableUser: {
    readonly parameters: { readonly username: string; readonly disabled: boolean };
    readonly result: Account;
  };
  readonly giveUserPassword: {
    readonly parameters: { readonly username: string };
    readonly result: { readonly password: string };
  };
  readonly unlockUser: { readonly parameters: { readonly username: string }; readonly result: null };
  readonly removeSecondFactor: { readonly parameters: { readonly username: string }; readonly result: null };
  readonly createToken: {
    readonly parameters: {
      readonly role: string;
      readonly venueIds?: readonly string[];
      readonly name?: string;
      readonly days?: number;
      readonly organisationId?: string;
    };
    readonly result: { readonly token: string };
  };
  readonly createDevice: {
    readonly parameters: NewDevice;
    readonly result: { readonly deviceId: string; readonly secret: string; readonly venueCreated: boolean };
  };
  readonly rotateSecret: {
    readonly parameters: { readonly id: string };
    readonly result: { readonly deviceId: string; readonly secret: string; readonly oldValidUntil: string };
  };
  readonly claimDevice: {
    readonly parameters: { readonly id: string };
    readonly result: { readonly deviceId: string; readonly claimCode: string; readonly expiresAt: string };
  };
  readonly commandKeys: {
    readonly parameters: Record<string, never>;
    readonly result: { readonly commandKeys: readonly CommandKey[] };
  };
  readonly revokeDevice: { readonly parameters: { readonly id: string }; readonly result: null };
  readonly renewSecret: {
    readonly parameters: { readonly id: string };
    readonly result: { readonly deviceId: string; readonly secret: string };
  };
  readonly changeDeviceLife: {
    readonly parameters: { readonly id: string; readonly state: DeviceLifeState; readonly reason: string };
    readonly result: { readonly life: DeviceLifeState };
  };
  readonly testDevice: { readonly parameters: { readonly id: string } & DeviceTest; readonly result: null };
  readonly replaceDevice: {
    readonly parameters: Replacement;
    readonly result: { readonly deviceId: string; readonly secret: string };
  };
  readonly importRegistry: {
    readonly parameters: {
      readonly files: readonly { readonly name: string; readonly base64: string }[];
      readonly preview: boolean;
    };
    readonly result: ImportReport;
  };
  readonly labels: { readonly parameters: LabelOrder; readonly result: readonly Label[] };
  readonly exportRegistry: {
    readonly parameters: { readonly language: 'zh' | 'en' };
    readonly result: readonly Sheet[];
  };
  readonly workOrders: {
    readonly parameters: { readonly limit: number; readonly states?: readonly WorkOrderState[] };
    readonly result: readonly WorkOrder[];
  };
  readonly workOrder: {
    readonly parameters: { readonly number: number };
    readonly result: { readonly order: WorkOrder; readonly steps: readonly WorkOrderStep[] };
  };
  readonly createSource: {
    readonly parameters: NewSource;
    readonly result: { readonly sourceId: string; readonly secret?: string };
  };
  readonly revokeSource: { readonly parameters: { readonly id: string }; readonly result: null };
  readonly listRelays: { readonly parameters: Record<string, never>; readonly result: readonly RelayTarget[] };
  readonly putRelay: {
    readonly parameters: { readonly id: string; readonly settings: RelaySettings };
    readonly result: RelayTarget;
  };
  readonly setRelayMode: {
    readonly parameters: { readonly id: string; readonly mode: RelayMode; readonly reason: string };
    readonly result: RelayTarget;
  };
  readonly addModel: { readonly parameters: { readonly model: unknown }; readonly result: DeviceModel };
  readonly listModels: { readonly parameters: Record<string, never>; readonly result: readonly DeviceModel[] };
  readonly createVenue: {
    readonly parameters: { readonly id: string; readonly name: string; readonly class: VenueClass };
    readonly result: Venue;
  };
};

type Calls = {
  readonly [Name in keyof AdministrationCall]: (
    administration: Administration,
    parameters: AdministrationCall[Name]['parameters'],
  ) => Promise<AdministrationCall[Name]['result']>;
};

export const administrationCalls: Calls = {
  ping: async () => 'pong',
  verifyAudit: (administration) => administration.verifyAudit(),
  listAudit: (administration, filter) => administration.audit(filter),
  createUser: (administration, { username, password, role, venueIds, organisationId }) =>
    administration.createUser(username, password, role, venueIds, organisationId),
  listTokens: async (administration) => administration.tokens(),
  revokeToken: (administration, { id }) => administration.revokeToken(id),
  listUsers: async (administration) => administration.users(),
  disableUser: (administration, { username, disabled }) => administration.disableUser(username, disabled),
  giveUserPassword: (administration, { username }) => administration.giveUserPassword(username),
  unlockUser: async (administration, { username }) => {
    await administration.unlockUser(username);
    return null;
  },
  removeSecondFactor: async (administration, { username }) => {
    await administration.removeSecondFactor(username);
    return null;
  },
  createToken: (administration, { role, venueIds, name, days, organisationId }) =>
    administration.createToken(role, venueIds, name, days, organisationId),
  createDevice: (administration, device) => administration.createDevice(device),
  rotateSecret: (administration, { id }) => administration.rotateSecret(id),
  claimDevice: (administration, { id }) => administration.claimDevice(id),
  commandKeys: async (administration) => administration.commandKeys(),
  revokeDevice: async (administration, { id }) => {
    await administration.revokeDevice(id);
    return null;
  },
  renewSecret: (administration, { id }) => administration.renewSecret(id),
  changeDeviceLife: (administration, { id, state, reason }) => administration.changeDeviceLife(id, state, reason),
  testDevice: async (administration, { id, ...test }) => {
    await administration.testDevice(id, test);
    return null;
  },
  replaceDevice: (administration, replacement) => administration.replaceDevice(replacement),
  importRegistry: (administration, { files, preview }) => administration.importRegistry(files, preview),
  labels: (administration, wanted) => administration.labels(wanted),
  exportRegistry: async (administration, { language }) => administration.exportRegistry(language),
  workOrders: (administration, { limit, states }) => administration.workOrders(limit, states),
  workOrder: (administration, { number }) => administration.workOrder(number),
  createSource: (administration, source) => administration.createSource(source),
  revokeSource: async (administration, { id }) => {
    await administration.revokeSource(id);
    return null;
  },
  listRelays: async (administration) => administration.relays(),
  putRelay: (administration, { id, settings }) => administration.putRelay(id, settings),
  setRelayMode: (administration, { id, mode, reason }) => administration.setRelayMode(id, mode, reason),
  addModel: (administration, { model }) => administration.addModel(model),
  listModels: async (administration) => administration.models(),
  createVenue: (administration, { id, name, class: venueClass }) => administration.createVenue(id, name, venueClass),
};

/** The local socket's side: names come from outside the process. */
export async function dispatch(
  administration: Administration,
  name: string,
  parameters: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  if (!Object.hasOwn(administrationCalls, name)) throw new Error(`there is no command ${name}`);
  // Only a process of the same user speaks here, through `administer`, whose types are the same.
  const call = administrationCalls[name as keyof AdministrationCall] as (
    a: Administration,
    p: unknown,
  ) => Promise<unknown>;
  return administration.onRecord(name, parameters, () => call(administration, parameters));
}
