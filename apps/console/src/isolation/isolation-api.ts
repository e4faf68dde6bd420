import type { Isolation, IsolationKind, IsolationReach } from '@fengsui/protocol';
import { queryOptions } from '@tanstack/react-query';
import { get, post } from '../api/request.ts';
import type { Page } from '../api/resources.ts';

export type IsolationTarget = { readonly venueId: string; readonly areaId?: string; readonly deviceId?: string };

export type IsolationOrder = IsolationTarget & {
  readonly kind: IsolationKind;
  /** ISO 8601. */
  readonly until: string;
  readonly reason: string;
  readonly fireWatch?: { readonly name: string; readonly phone?: string };
};

const id = encodeURIComponent;
/** Of those that are over: what a seat wants to read back. */
const PAST = 50;

export const isolationApi = {
  ask: (order: IsolationOrder) => post<Isolation>('/isolations', order),
  approve: (isolationId: string) => post<Isolation>(`/isolations/${id(isolationId)}/approve`, {}),
  end: (isolationId: string) => post<Isolation>(`/isolations/${id(isolationId)}/end`, {}),
} as const;

export const isolationQueries = {
  /** Asked for and active, the one that ends next first, with the telephone for who may read it. */
  open: () =>
    queryOptions({
      queryKey: ['isolations', 'open'],
      queryFn: async ({ signal }) => (await get<Page<Isolation>>('/isolations', { open: 'true' }, signal)).items,
      refetchInterval: 5_000,
    }),
  newest: () =>
    queryOptions({
      queryKey: ['isolations', 'newest'],
      queryFn: async ({ signal }) => (await get<Page<Isolation>>('/isolations', { limit: PAST }, signal)).items,
      refetchInterval: 30_000,
    }),
  reach: ({ venueId, ...within }: IsolationTarget) =>
    queryOptions({
      queryKey: ['isolations', 'reach', venueId, within],
      queryFn: ({ signal }) => get<IsolationReach>(`/venues/${id(venueId)}/isolation-reach`, within, signal),
      enabled: venueId !== '',
    }),
} as const;
