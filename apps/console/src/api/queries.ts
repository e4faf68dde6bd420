import { localActionKind } from '@fengsui/alarm';
import type { Alarm } from '@fengsui/protocol';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { isProblem } from './problem.ts';
import { api, type DeviceListQuery } from './resources.ts';

const minute = 60_000;

/** Every question the console asks, with its key and for how long an answer holds. */
export const queries = {
  session: () =>
    queryOptions({ queryKey: ['session'], queryFn: ({ signal }) => api.session(signal), staleTime: Infinity }),
  alarmFigures: (origin: 'live' | 'simulated') =>
    queryOptions({
      queryKey: ['alarm-figures', origin],
      queryFn: ({ signal }) => api.alarmFigures(origin, signal),
      refetchInterval: 30_000,
    }),
  overview: () =>
    queryOptions({
      queryKey: ['overview'],
      queryFn: ({ signal }) => api.overview(signal),
      refetchInterval: 3_000,
      refetchIntervalInBackground: true,
    }),
  /** What of the centre works: asked while nothing is touched, too. */
  functions: () =>
    queryOptions({
      queryKey: ['functions'],
      queryFn: ({ signal }) => api.functions(signal),
      refetchInterval: 5_000,
      refetchIntervalInBackground: true,
    }),
  /** Words of device models; a model may come while the screen is open. */
  words: () =>
    queryOptions({
      queryKey: ['words'],
      queryFn: ({ signal }) => api.words(signal),
      staleTime: minute,
      refetchInterval: minute,
    }),
  accountBounds: () =>
    queryOptions({
      queryKey: ['account-bounds'],
      queryFn: ({ signal }) => api.accountBounds(signal),
      staleTime: minute,
    }),
  organisations: () =>
    queryOptions({
      queryKey: ['organisations'],
      queryFn: ({ signal }) => api.organisations(signal),
      staleTime: 10 * minute,
    }),
  venues: () =>
    queryOptions({
      queryKey: ['venues'],
      queryFn: ({ signal }) => api.venues(signal),
      staleTime: 5 * minute,
      // A wall is never loaded anew: a venue that was added must come by itself.
      refetchInterval: 5 * minute,
    }),
  venue: (venueId: string) =>
    queryOptions({
      queryKey: ['venue', venueId],
      queryFn: ({ signal }) => api.venue(venueId, signal),
      staleTime: minute,
    }),
  devices: (venueId: string) =>
    queryOptions({
      queryKey: ['devices', venueId],
      queryFn: ({ signal }) => api.devices(venueId, signal),
      staleTime: minute,
    }),
  /** One page of a filtered list; what was shown stays until the next is there. */
  deviceList: (query: DeviceListQuery, page: number, size: number) =>
    queryOptions({
      queryKey: ['deviceList', query, page, size],
      queryFn: ({ signal }) => api.findDevices(query, page * size, size, signal),
      refetchInterval: 10_000,
    }),
  deviceHistory: (deviceId: string) =>
    queryOptions({
      queryKey: ['deviceHistory', deviceId],
      queryFn: ({ signal }) => api.deviceHistory(deviceId, signal),
      refetchInterval: 15_000,
    }),
  models: () => queryOptions({ queryKey: ['models'], queryFn: ({ signal }) => api.models(signal), staleTime: minute }),
  /** Every second while one is on its way, for whoever waits for it. */
  commands: (deviceId: string, limit: number) =>
    queryOptions({
      queryKey: ['commands', deviceId, limit],
      queryFn: ({ signal }) => api.commands(deviceId, limit, signal),
      placeholderData: keepPreviousData,
      refetchInterval: ({ state }) =>
        state.data?.items.some((command) => command.state === 'requested' || command.state === 'sent') === true
          ? 1_000
          : 10_000,
    }),
  parts: (deviceId: string) =>
    queryOptions({
      queryKey: ['parts', deviceId],
      queryFn: ({ signal }) => api.parts(deviceId, 1_000, signal),
      refetchInterval: 5_000,
    }),
  frames: (deviceId: string) =>
    queryOptions({
      queryKey: ['frames', deviceId],
      queryFn: ({ signal }) => api.frames(deviceId, signal),
      refetchInterval: 5_000,
    }),
  /** Every second while one is open. */
  dutyChecks: (deviceId: string) =>
    queryOptions({
      queryKey: ['dutyChecks', deviceId],
      queryFn: ({ signal }) => api.dutyChecks(deviceId, signal),
      refetchInterval: ({ state }) =>
        state.data?.some((check) => check.state === 'asked' || check.state === 'delivered') === true ? 1_000 : 15_000,
    }),
  quarantine: (deviceId: string) =>
    queryOptions({
      queryKey: ['quarantine', deviceId],
      queryFn: ({ signal }) => api.quarantine(deviceId, 20, signal),
      refetchInterval: 10_000,
    }),
  areas: (venueId: string) =>
    queryOptions({ queryKey: ['areas', venueId], queryFn: ({ signal }) => api.areas(venueId, signal) }),
  circuits: (venueId: string) =>
    queryOptions({ queryKey: ['circuits', venueId], queryFn: ({ signal }) => api.circuits(venueId, signal) }),
  contacts: (venueId: string) =>
    queryOptions({ queryKey: ['contacts', venueId], queryFn: ({ signal }) => api.contacts(venueId, signal) }),
  coverage: () =>
    queryOptions({
      queryKey: ['coverage'],
      queryFn: ({ signal }) => api.coverage(signal),
      refetchInterval: 15_000,
    }),
  blindSpots: (venueId: string | undefined, limit: number) =>
    queryOptions({
      queryKey: ['blindSpots', venueId ?? '', limit],
      queryFn: ({ signal }) => api.blindSpots(venueId, limit, undefined, signal),
      placeholderData: keepPreviousData,
      refetchInterval: 15_000,
    }),
  device: (deviceId: string) =>
    queryOptions({
      queryKey: ['device', deviceId],
      queryFn: ({ signal }) => api.device(deviceId, signal),
      staleTime: minute,
    }),
  points: (deviceId: string) =>
    queryOptions({
      queryKey: ['points', deviceId],
      queryFn: ({ signal }) => api.points(deviceId, signal),
      refetchInterval: 15_000,
    }),
  /** `from`/`to` are part of the key only when the range stands still; a following range keeps its curve while it moves. */
  series: (
    point: string,
    window: { key: string; range: () => { from: number; to: number }; everyMs: number | false },
  ) =>
    queryOptions({
      queryKey: ['series', point, window.key],
      queryFn: async ({ signal }) => {
        const { from, to } = window.range();
        return api.series(point, Math.round(from), Math.round(to), maxSeriesPoints, signal);
      },
      refetchInterval: window.everyMs,
      placeholderData: keepPreviousData,
    }),
  alarm: (alarmId: string) =>
    queryOptions({ queryKey: ['alarm', alarmId], queryFn: ({ signal }) => api.alarm(alarmId, signal) }),
  verdicts: (alarmId: string) =>
    queryOptions({
      queryKey: ['verdicts', alarmId],
      queryFn: ({ signal }) => api.verdicts(alarmId, signal),
      refetchInterval: 60_000,
    }),
  response: (alarmId: string, version: string) =>
    queryOptions({
      queryKey: ['alarm-response', alarmId, version],
      queryFn: ({ signal }) => api.response(alarmId, signal),
      placeholderData: (known, before) => (before?.queryKey[1] === alarmId ? known : undefined),
    }),
  history: (alarmId: string, version: string) =>
    queryOptions({
      queryKey: ['history', alarmId, version],
      queryFn: ({ signal }) => api.history(alarmId, signal),
      placeholderData: keepPreviousData,
    }),
  captures: (query: { deviceId?: string; venueId?: string; limit: number }) =>
    queryOptions({
      queryKey: ['captures', query],
      queryFn: ({ signal }) => api.captures(query, signal),
      refetchInterval: 10_000,
    }),
  capture: (captureId: string) =>
    queryOptions({
      queryKey: ['capture', captureId],
      queryFn: ({ signal }) => api.capture(captureId, signal),
      refetchInterval: ({ state }) => (state.data?.complete === false ? 3_000 : false),
    }),
  captureSamples: (captureId: string) =>
    queryOptions({
      queryKey: ['captureSamples', captureId],
      queryFn: ({ signal }) => api.captureSamples(captureId, signal),
      staleTime: Infinity,
    }),
  /** Events arrive before their capture; a capture without any may still get one. */
  captureEvents: (captureId: string) =>
    queryOptions({
      queryKey: ['captureEvents', captureId],
      queryFn: ({ signal }) =>
        api.events({ deviceId: captureId.slice(0, captureId.indexOf(':')), captureId, limit: 20 }, signal),
      refetchInterval: ({ state }) => (state.data?.length === 0 ? 5_000 : false),
    }),
  loadEvents: (deviceId: string) =>
    queryOptions({
      queryKey: ['loadEvents', deviceId],
      queryFn: ({ signal }) => api.events({ deviceId, kind: 'loadOn,loadOff', limit: 20 }, signal),
      // Who has not said why is not asked again every few seconds.
      refetchInterval: ({ state }) => (isProblem(state.error, 403) ? false : 5_000),
      retry: (count, error) => !isProblem(error, 403) && count < 3,
    }),
  loadHistoryReasons: (venueId: string) =>
    queryOptions({
      queryKey: ['loadHistoryReasons', venueId],
      queryFn: ({ signal }) => api.loadHistoryReasons(venueId, signal),
    }),
  /** What a terminal did by itself; asked anew whenever the alarm that tells of it changed. */
  localActs: ({ id, deviceId, count, level }: Pick<Alarm, 'id' | 'deviceId' | 'count' | 'level'>) =>
    queryOptions({
      queryKey: ['localActs', deviceId, `${id}|${count}|${level}`],
      queryFn: ({ signal }) => api.events({ deviceId, kind: localActionKind, limit: 50 }, signal),
      refetchInterval: ({ state }) => (state.data?.length === 0 ? 2_000 : 15_000),
    }),
  /** Evidence of the events that an alarm stands for. */
  alarmEvents: ({ id, deviceId, kind, count, level }: Pick<Alarm, 'id' | 'deviceId' | 'kind' | 'count' | 'level'>) =>
    queryOptions({
      queryKey: ['alarmEvents', deviceId, kind, `${id}|${count}|${level}`],
      queryFn: ({ signal }) => api.events({ deviceId, kind, limit: 50 }, signal),
    }),
  loadJudgements: (deviceId: string) =>
    queryOptions({
      queryKey: ['loadJudgements', deviceId],
      queryFn: ({ signal }) => api.loadJudgements(deviceId, signal),
      // On its way to the terminal, or waiting for it.
      refetchInterval: ({ state: { data = [] } }) =>
        data.every(({ delivery }) => delivery?.state === 'learned' || delivery?.state === 'refused') ? false : 3_000,
    }),
  logins: () =>
    queryOptions({ queryKey: ['logins'], queryFn: ({ signal }) => api.logins(signal), refetchInterval: minute }),
  tokens: () => queryOptions({ queryKey: ['tokens'], queryFn: ({ signal }) => api.tokens(signal) }),
  openId: () => queryOptions({ queryKey: ['openId'], queryFn: ({ signal }) => api.openId(signal), staleTime: 60_000 }),
  ownOpenId: () => queryOptions({ queryKey: ['ownOpenId'], queryFn: ({ signal }) => api.ownOpenId(signal) }),
  ownLogins: () => queryOptions({ queryKey: ['ownLogins'], queryFn: ({ signal }) => api.ownLogins(signal) }),
  users: () => queryOptions({ queryKey: ['users'], queryFn: ({ signal }) => api.users(signal) }),
} as const;

/** Rows asked of a curve: about one per pixel of a wide pane; the centre keeps extremes, so more would only cost. */
const maxSeriesPoints = 1_200;
