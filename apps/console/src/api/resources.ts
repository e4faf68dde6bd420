import type {
  Account,
  Alarm,
  ApiToken,
  AlarmChange,
  AlarmResponse,
  AlarmFigures,
  AlarmGroup,
  AlarmVerdict,
  Area,
  BlindSpot,
  CentreFunction,
  CaptureSamples,
  CaptureSummary,
  Circuit,
  Claim,
  Contact,
  Coverage,
  Device,
  DeviceCommand,
  DeviceEventRecord,
  DeviceHistoryEntry,
  DeviceLifeState,
  DeviceModel,
  GbDutyCheckRecord,
  GbFrameSeen,
  GbPartRecord,
  GbTransactionRecord,
  ImportReport,
  LinkedIdentity,
  LoadHistoryErasure,
  LoadHistoryReason,
  LoadJudgement,
  LoadVerdict,
  ModelWords,
  Organisation,
  Overview,
  Point,
  QuarantinedMessage,
  Role,
  LogIn,
  OfferedFactor,
  Session,
  Venue,
} from '@fengsui/protocol';
import { fetchFile, get, patch, post, postQuietly, put, remove, sendFile } from './request.ts';

/** What the provider sent back, as it stands in the address of our page. */
export type OpenIdReturn = { readonly state: string; readonly parameters: Readonly<Record<string, string>> };

/** Shown once; nobody can ask for it again. */
export type Credential = { readonly deviceId: string; readonly secret: string };

export type DeviceListQuery = {
  readonly q?: string;
  readonly venueId?: string;
  readonly family?: string;
  readonly life?: string;
  /** Words of deviceListStates, by commas; all must hold. */
  readonly state?: string;
};
export type DeviceListPage = { readonly items: readonly Device[]; readonly total: number };

export type Page<Item> = { readonly items: readonly Item[]; readonly nextCursor?: string };

/** `[bucket start, min, max, last]`, epoch ms; gaps have no row. */
export type SeriesRow = readonly [at: number, min: number, max: number, last: number];
/** `downsampled` = samples per row, 1 = raw; `resolutionMs` = time one row stands for, 0 = an instant. */
export type Series = {
  readonly items: readonly SeriesRow[];
  readonly downsampled: number;
  readonly resolutionMs: number;
};

const maxPages = 20;
const pageSize = 200;

/** Follows `nextCursor` to the end, at most 20 pages: a console that would need more asks a narrower question. */
async function all<Item>(
  path: string,
  query: Record<string, string | undefined>,
  signal?: AbortSignal,
): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < maxPages; pages++) {
    const page = await get<Page<Item>>(path, { ...query, limit: pageSize, cursor }, signal);
    items.push(...page.items);
    cursor = page.nextCursor;
    if (cursor === undefined) break;
  }
  return items;
}

/** What an account may be bound to, by name. */
export type AccountBounds = {
  readonly organisations: readonly {
    readonly id: string;
    readonly name: string;
    readonly nameEn?: string;
    readonly parentId?: string;
    readonly venueCount: number;
  }[];
  readonly venues: readonly {
    readonly id: string;
    readonly name: string;
    readonly nameEn?: string;
    readonly organisationId: string;
  }[];
};

const id = encodeURIComponent;

const contactPath = (venueId: string, contactId: string): string =>
  venueId === '' ? `/duty-contacts/${id(contactId)}` : `/venues/${id(venueId)}/contacts/${id(contactId)}`;

export const api = {
  session: (signal?: AbortSignal) => get<Session>('/session', {}, signal),
  login: (credentials: { username: string; password: string; code?: string }) => post<Session>('/login', credentials),
  openId: (signal?: AbortSignal) => get<{ readonly name?: string }>('/open-id', {}, signal),
  beginOpenId: () => post<{ readonly url: string }>('/open-id/begin', {}),
  logInByOpenId: (returned: OpenIdReturn) => post<Session>('/open-id/log-in', returned),
  ownOpenId: (signal?: AbortSignal) => get<LinkedIdentity>('/session/open-id', {}, signal),
  beginOpenIdLink: () => post<{ readonly url: string }>('/session/open-id/begin', {}),
  linkOpenId: (returned: OpenIdReturn) => post<LinkedIdentity>('/session/open-id', returned),
  unlinkOpenId: () => remove('/session/open-id'),
  logout: () => post<unknown>('/logout', {}),
  /** Proves anew who one is. */
  confirmLogIn: (password: string, code?: string) =>
    post<Session>('/session/confirm', { password, ...(code !== undefined && { code }) }),
  unlockLogIn: (password: string) => post<Session>('/session/unlock', { password }),
  lockLogIn: () => post<Session>('/session/lock', {}),
  tellActivity: () => postQuietly<Session>('/session/activity'),
  offerFactor: () => post<OfferedFactor>('/session/second-factor', {}),
  confirmFactor: (code: string) =>
    post<{ readonly recoveryCodes: readonly string[] }>('/session/second-factor/confirm', { code }),
  removeOwnFactor: () => remove('/session/second-factor'),
  removeFactorOf: (username: string) => remove(`/users/${id(username)}/second-factor`),
  claimFounder: (token: string) => post<Session>('/founder/claim', { token }),
  users: (signal?: AbortSignal) => all<Account>('/users', {}, signal),
  createUser: (user: {
    username: string;
    password: string;
    role: Role;
    venueIds?: readonly string[];
    organisationId?: string;
    mustChangePassword?: boolean;
  }) => post<Account>('/users', user),
  changeUser: (
    username: string,
    change: {
      role?: Role;
      venueIds?: readonly string[] | null;
      organisationId?: string | null;
      disabled?: boolean;
    },
  ) => patch<Account>(`/users/${id(username)}`, change),
  accountBounds: (signal?: AbortSignal) => get<AccountBounds>('/account-bounds', {}, signal),
  givePassword: (username: string) => post<{ readonly password: string }>(`/users/${id(username)}/password`, {}),
  unlockUser: (username: string) => post<unknown>(`/users/${id(username)}/unlock`, {}),
  logins: async (signal?: AbortSignal) => (await get<Page<LogIn>>('/logins', {}, signal)).items,
  endLogin: (loginId: string) => remove(`/logins/${id(loginId)}`),
  tokens: async (signal?: AbortSignal) => (await get<Page<ApiToken>>('/tokens', {}, signal)).items,
  createToken: (token: { name: string; role: Role; days?: number }) =>
    post<{ readonly token: string }>('/tokens', token),
  revokeToken: (tokenId: string) => remove(`/tokens/${id(tokenId)}`),
  createDisplayLink: (name: string) =>
    post<{ readonly path: string; readonly expiresAt: string }>('/display-links', { name }),
  claimDisplay: (token: string) => post<Session>('/display/claim', { token }),
  ownLogins: async (signal?: AbortSignal) => (await get<Page<LogIn>>('/session/logins', {}, signal)).items,
  endOwnLogin: (loginId: string) => remove(`/session/logins/${id(loginId)}`),
  changePassword: (password: string, newPassword: string) =>
    post<unknown>('/session/password', { password, newPassword }),

  words: (signal?: AbortSignal) => get<ModelWords>('/words', {}, signal),
  functions: (signal?: AbortSignal) => get<{ readonly items: readonly CentreFunction[] }>('/functions', {}, signal),
  alarmFigures: (origin: 'live' | 'simulated', signal?: AbortSignal) =>
    get<AlarmFigures>('/alarm-figures', { origin }, signal),
  overview: (signal?: AbortSignal) => get<Overview>('/overview', {}, signal),
  organisations: (signal?: AbortSignal) => all<Organisation>('/organisations', {}, signal),
  venues: (signal?: AbortSignal) => all<Venue>('/venues', {}, signal),
  venue: (venueId: string, signal?: AbortSignal) => get<Venue>(`/venues/${id(venueId)}`, {}, signal),
  devices: (venueId: string, signal?: AbortSignal) => all<Device>('/devices', { venueId }, signal),
  findDevices: (query: DeviceListQuery, offset: number, limit: number, signal?: AbortSignal) =>
    get<DeviceListPage>('/devices', { ...query, offset, limit }, signal),
  device: (deviceId: string, signal?: AbortSignal) => get<Device>(`/devices/${id(deviceId)}`, {}, signal),
  deviceHistory: (deviceId: string, signal?: AbortSignal) =>
    get<{ place: readonly string[]; items: readonly DeviceHistoryEntry[] }>(
      `/devices/${id(deviceId)}/history`,
      {},
      signal,
    ),
  changeLife: (deviceId: string, state: DeviceLifeState, reason: string) =>
    put<Device>(`/devices/${id(deviceId)}/life`, { state, reason }),
  recordTest: (deviceId: string, test: { passed: boolean; point?: string; note?: string }) =>
    post<Device>(`/devices/${id(deviceId)}/tests`, test),
  replaceDevice: (deviceId: string, order: { newDeviceId: string; model?: string; reason: string }) =>
    post<Credential>(`/devices/${id(deviceId)}/replace`, order),
  renewSecret: (deviceId: string) => post<Credential>(`/devices/${id(deviceId)}/secret`, {}),
  claimDevice: (deviceId: string) => post<Claim>(`/devices/${id(deviceId)}/claim`, {}),
  models: (signal?: AbortSignal) => all<DeviceModel>('/models', {}, signal),

  commands: (deviceId: string, limit: number, signal?: AbortSignal) =>
    get<Page<DeviceCommand>>(`/devices/${id(deviceId)}/commands`, { limit }, signal),
  giveCommand: (deviceId: string, order: { name: string; args?: Readonly<Record<string, unknown>>; reason: string }) =>
    post<DeviceCommand>(`/devices/${id(deviceId)}/commands`, order),

  parts: (deviceId: string, limit: number, signal?: AbortSignal) =>
    get<Page<GbPartRecord>>(`/devices/${id(deviceId)}/parts`, { limit }, signal),
  frames: async (deviceId: string, signal?: AbortSignal) =>
    (await get<Page<GbFrameSeen>>(`/devices/${id(deviceId)}/gb/frames`, {}, signal)).items,
  dutyChecks: async (deviceId: string, signal?: AbortSignal) =>
    (await get<Page<GbDutyCheckRecord>>(`/devices/${id(deviceId)}/gb/on-duty-checks`, {}, signal)).items,
  askDuty: (deviceId: string, withinMin: number) =>
    post<GbDutyCheckRecord>(`/devices/${id(deviceId)}/gb/on-duty-check`, { withinMin }),
  readFacility: (deviceId: string, type: number) =>
    post<GbTransactionRecord>(`/devices/${id(deviceId)}/gb/read`, { type }),
  syncClock: (deviceId: string) => post<GbTransactionRecord>(`/devices/${id(deviceId)}/gb/sync-clock`, {}),
  quarantine: async (deviceId: string, limit: number, signal?: AbortSignal) =>
    (await get<Page<QuarantinedMessage>>('/quarantine', { deviceId, limit }, signal)).items,

  areas: (venueId: string, signal?: AbortSignal) => all<Area>('/areas', { venueId }, signal),
  putArea: ({ id: areaId, ...area }: Area) => put<Area>(`/areas/${id(areaId)}`, area),
  circuits: (venueId: string, signal?: AbortSignal) => all<Circuit>('/circuits', { venueId }, signal),
  putCircuit: ({ deviceId, prefix, venueId: _venue, ...circuit }: Circuit) =>
    put<Circuit>(`/circuits/${id(deviceId)}/${id(prefix)}`, circuit),
  putContact: ({ id: contactId, venueId, ...contact }: Contact) =>
    put<Contact>(contactPath(venueId, contactId), contact),
  removeContact: (venueId: string, contactId: string) => remove(contactPath(venueId, contactId)),
  /** @param venueId empty: the people of the duty desk. */
  contacts: (venueId: string, signal?: AbortSignal) =>
    venueId === '' ? all<Contact>('/duty-contacts', {}, signal) : all<Contact>('/contacts', { venueId }, signal),
  coverage: (signal?: AbortSignal) => all<Coverage>('/coverage', {}, signal),
  blindSpots: (venueId: string | undefined, limit: number, cursor: string | undefined, signal?: AbortSignal) =>
    get<Page<BlindSpot>>('/blind-spots', { venueId, limit, cursor }, signal),

  sendWorkbook: (file: { readonly body: Blob; readonly type: string; readonly sheet?: string }, isPreview: boolean) =>
    sendFile<ImportReport>(
      '/imports',
      { preview: isPreview ? 'true' : undefined, sheet: file.sheet },
      file,
      (body) => typeof body === 'object' && body !== null && 'problems' in body && 'sheets' in body,
    ),
  workbook: (language: 'zh' | 'en', isTemplate: boolean) =>
    fetchFile('/export', { language, template: isTemplate ? 'true' : undefined }),

  points: async (deviceId: string, signal?: AbortSignal) =>
    (await get<Page<Point>>(`/devices/${id(deviceId)}/points`, {}, signal)).items,
  series: (point: string, from: number, to: number, maxPoints: number, signal?: AbortSignal) =>
    get<Series>(
      '/series',
      { point, from: new Date(from).toISOString(), to: new Date(to).toISOString(), maxPoints },
      signal,
    ),

  alarm: (alarmId: string, signal?: AbortSignal) => get<Alarm>(`/alarms/${id(alarmId)}`, {}, signal),
  response: async (alarmId: string, signal?: AbortSignal) =>
    (await get<Page<AlarmResponse>>(`/alarms/${id(alarmId)}/response`, {}, signal)).items,
  history: async (alarmId: string, signal?: AbortSignal) =>
    (await get<Page<AlarmChange>>(`/alarms/${id(alarmId)}/history`, {}, signal)).items,
  verdicts: async (alarmId: string, signal?: AbortSignal) =>
    (await get<Page<AlarmVerdict>>(`/alarms/${id(alarmId)}/verdicts`, {}, signal)).items,
  judgeAlarm: (alarmId: string, given: Pick<AlarmVerdict, 'verdict' | 'cause' | 'note'>) =>
    post<AlarmVerdict>(`/alarms/${id(alarmId)}/verdicts`, given),
  acknowledge: (alarmId: string, note?: string) =>
    post<Alarm>(`/alarms/${id(alarmId)}/acknowledge`, note === undefined || note === '' ? {} : { note }),
  acknowledgeGroup: (groupId: string, note?: string) =>
    post<AlarmGroup>(`/alarm-groups/${id(groupId)}/acknowledge`, note === undefined || note === '' ? {} : { note }),
  shelve: (alarmId: string, until: string, reason: string) =>
    post<Alarm>(`/alarms/${id(alarmId)}/shelve`, { until, reason }),
  unshelve: (alarmId: string) => post<Alarm>(`/alarms/${id(alarmId)}/unshelve`, {}),
  inspect: (alarmId: string, note: string) => post<Alarm>(`/alarms/${id(alarmId)}/inspect`, { note }),

  captures: async (query: { deviceId?: string; venueId?: string; limit: number }, signal?: AbortSignal) =>
    (await get<Page<CaptureSummary>>('/captures', query, signal)).items,
  capture: (captureId: string, signal?: AbortSignal) => get<CaptureSummary>(`/captures/${id(captureId)}`, {}, signal),
  captureSamples: (captureId: string, signal?: AbortSignal) =>
    get<CaptureSamples>(`/captures/${id(captureId)}/samples`, {}, signal),

  /** Newest first. */
  events: async (query: { deviceId: string; captureId?: string; kind?: string; limit: number }, signal?: AbortSignal) =>
    (await get<Page<DeviceEventRecord>>('/events', query, signal)).items,
  /** Oldest first. */
  loadJudgements: async (deviceId: string, signal?: AbortSignal) =>
    (await get<Page<LoadJudgement>>(`/devices/${id(deviceId)}/load-judgements`, {}, signal)).items,
  giveLoadHistoryReason: (venueId: string, reason: string) =>
    post<LoadHistoryReason>(`/venues/${id(venueId)}/load-history-reasons`, { reason }),
  loadHistoryReasons: async (venueId: string, signal: AbortSignal) =>
    (await get<Page<LoadHistoryReason>>(`/venues/${id(venueId)}/load-history-reasons`, {}, signal)).items,
  eraseLoadHistory: (venueId: string) => post<LoadHistoryErasure>(`/venues/${id(venueId)}/load-history-erasures`, {}),
  judgeLoad: (deviceId: string, judgement: { loadEventId: string; verdict: LoadVerdict; name?: string }) =>
    post<LoadJudgement>(`/devices/${id(deviceId)}/load-judgements`, judgement),
} as const;
