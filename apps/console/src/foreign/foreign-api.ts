import type { InboxGroup, Mapping, NewSource, Source } from '@fengsui/protocol';
import { queryOptions } from '@tanstack/react-query';
import { get, post } from '../api/request.ts';

export type WaitingMessage = {
  readonly id: string;
  readonly receivedAt: string;
  readonly topic?: string;
  readonly text?: string;
  readonly payloadBase64?: string;
};

export type TriedStatement = {
  readonly kind: string;
  readonly deviceId: string;
  readonly at?: number;
  readonly values?: Readonly<Record<string, number>>;
  readonly eventKind?: string;
  readonly point?: string;
  readonly level?: string;
  readonly active?: boolean;
};

export type Trial = {
  readonly messages: number;
  readonly read: number;
  readonly statementCount: number;
  readonly statements: readonly TriedStatement[];
  readonly unmapped: readonly { readonly field: string; readonly reason: string; readonly value: string }[];
  readonly unmappedCount: number;
  readonly warnings: readonly string[];
};

export type Replay = { readonly messages: number; readonly mapped: number; readonly settled: number };

const id = encodeURIComponent;

export const foreignQueries = {
  sources: () =>
    queryOptions({
      queryKey: ['foreignSources'],
      queryFn: async ({ signal }) => (await get<{ items: readonly Source[] }>('/sources', {}, signal)).items,
      refetchInterval: 3_000,
    }),
  groups: () =>
    queryOptions({
      queryKey: ['foreignGroups'],
      queryFn: async ({ signal }) => (await get<{ items: readonly InboxGroup[] }>('/inbox/groups', {}, signal)).items,
      refetchInterval: 3_000,
    }),
  /** Held while a mapping is made: what is pointed at must not move. */
  messages: (sourceId: string, shape: string) =>
    queryOptions({
      queryKey: ['foreignMessages', sourceId, shape],
      queryFn: async ({ signal }) =>
        (await get<{ items: readonly WaitingMessage[] }>(`/inbox/groups/${id(sourceId)}/${id(shape)}`, {}, signal))
          .items,
      staleTime: Infinity,
      gcTime: 0,
    }),
} as const;

export const foreignApi = {
  createSource: (source: NewSource) => post<{ sourceId: string; secret?: string }>('/sources', source),
  renewSecret: (sourceId: string) => post<{ sourceId: string; secret: string }>(`/sources/${id(sourceId)}/secret`, {}),
  revoke: (sourceId: string) => post<Source>(`/sources/${id(sourceId)}/revoke`, {}),
  tryMapping: (source: string, shape: string, mapping: Mapping) =>
    post<Trial>('/inbox/try', { source, shape, mapping }),
  saveMapping: (sourceId: string, mapping: Mapping) => post<object>(`/mappings/${id(sourceId)}/variants`, mapping),
  replay: (source: string) => post<Replay>('/inbox/replay', { source }),
  createDevice: (device: { id: string; model: string; venueId: string }) =>
    post<{ deviceId: string; secret: string }>('/devices', device),
} as const;
