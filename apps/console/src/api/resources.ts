import type {
  Account,
  Alarm,
  AlarmChange,
  CaptureSamples,
  CaptureSummary,
  Device,
  DeviceEventRecord,
  LoadJudgement,
  LoadVerdict,
  ModelWords,
  Organisation,
  Overview,
  Point,
  Role,
  Session,
  Venue,
} from '@fengsui/protocol';
import { get, post } from './request.ts';

export type Page<Item> = { readonly items: readonly Item[]; readonly nextCursor?: string };

/** `[bucket start, min, max, last]`, epoch ms; gaps have no row. */
export type SeriesRow = readonly [at: number, min: number, max: number, last: number];
/** `downsampled` = samples per row, 1 = raw. */
export type Series = { readonly items: readonly SeriesRow[]; readonly downsampled: number };

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

const id = encodeURIComponent;

export const api = {
  session: (signal?: AbortSignal) => get<Session>('/session', {}, signal),
  login: (username: string, password: string) => post<Session>('/login', { username, password }),
  logout: () => post<unknown>('/logout', {}),
  claimFounder: (token: string) => post<Session>('/founder/claim', { token }),
  users: (signal?: AbortSignal) => all<Account>('/users', {}, signal),
  createUser: (user: { username: string; password: string; role: Role; venueIds?: readonly string[] }) =>
    post<Account>('/users', user),

  words: (signal?: AbortSignal) => get<ModelWords>('/words', {}, signal),
  overview: (signal?: AbortSignal) => get<Overview>('/overview', {}, signal),
  organisations: (signal?: AbortSignal) => all<Organisation>('/organisations', {}, signal),
  venues: (signal?: AbortSignal) => all<Venue>('/venues', {}, signal),
  venue: (venueId: string, signal?: AbortSignal) => get<Venue>(`/venues/${id(venueId)}`, {}, signal),
  devices: (venueId: string, signal?: AbortSignal) => all<Device>('/devices', { venueId }, signal),
  device: (deviceId: string, signal?: AbortSignal) => get<Device>(`/devices/${id(deviceId)}`, {}, signal),
  points: async (deviceId: string, signal?: AbortSignal) =>
    (await get<Page<Point>>(`/devices/${id(deviceId)}/points`, {}, signal)).items,
  series: (point: string, from: number, to: number, maxPoints: number, signal?: AbortSignal) =>
    get<Series>(
      '/series',
      { point, from: new Date(from).toISOString(), to: new Date(to).toISOString(), maxPoints },
      signal,
    ),

  alarm: (alarmId: string, signal?: AbortSignal) => get<Alarm>(`/alarms/${id(alarmId)}`, {}, signal),
  history: async (alarmId: string, signal?: AbortSignal) =>
    (await get<Page<AlarmChange>>(`/alarms/${id(alarmId)}/history`, {}, signal)).items,
  acknowledge: (alarmId: string, note?: string) =>
    post<Alarm>(`/alarms/${id(alarmId)}/acknowledge`, note === undefined || note === '' ? {} : { note }),
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
  judgeLoad: (deviceId: string, judgement: { loadEventId: string; verdict: LoadVerdict; name?: string }) =>
    post<LoadJudgement>(`/devices/${id(deviceId)}/load-judgements`, judgement),
} as const;
