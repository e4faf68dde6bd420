import type { GbDutyRound, GbRelay, RelayDevice, RelayMode, RelaySettings } from '@fengsui/protocol';
import { queryOptions } from '@tanstack/react-query';
import { get, post, put } from '../api/request.ts';

const id = encodeURIComponent;

export const relayQueries = {
  relays: () =>
    queryOptions({
      queryKey: ['relays'],
      queryFn: async ({ signal }) => (await get<{ items: readonly GbRelay[] }>('/relays', {}, signal)).items,
      refetchInterval: 2_000,
    }),
  devices: (relayId: string) =>
    queryOptions({
      queryKey: ['relayDevices', relayId],
      queryFn: async ({ signal }) =>
        (await get<{ items: readonly RelayDevice[] }>(`/relays/${id(relayId)}/devices`, { limit: 1_000 }, signal))
          .items,
      refetchInterval: 3_000,
    }),
  rounds: () =>
    queryOptions({
      queryKey: ['dutyRounds'],
      queryFn: async ({ signal }) =>
        (await get<{ items: readonly GbDutyRound[] }>('/gb/duty-rounds', {}, signal)).items,
      refetchInterval: 3_000,
    }),
  round: (roundId: string) =>
    queryOptions({
      queryKey: ['dutyRound', roundId],
      queryFn: ({ signal }) => get<GbDutyRound>(`/gb/duty-rounds/${id(roundId)}`, {}, signal),
      refetchInterval: 2_000,
    }),
} as const;

export const relayApi = {
  put: (relayId: string, settings: RelaySettings) => put<GbRelay>(`/relays/${id(relayId)}`, settings),
  switchTo: (relayId: string, mode: RelayMode, reason: string) =>
    post<GbRelay>(`/relays/${id(relayId)}/mode`, { mode, reason }),
  askRound: (asked: { readonly venueIds?: readonly string[]; readonly random?: number; readonly withinMin: number }) =>
    post<GbDutyRound>('/gb/duty-rounds', asked),
  replayQuarantine: (deviceId: string) =>
    post<{ readCount: number; leftCount: number }>(`/devices/${id(deviceId)}/gb/quarantine/replay`, {}),
} as const;
