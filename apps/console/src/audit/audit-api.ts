import type { AuditHead, AuditRecord } from '@fengsui/protocol';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { apiPath, get, post } from '../api/request.ts';
import type { Page } from '../api/resources.ts';

/** As the API takes it; what is absent narrows nothing. */
export type AuditQuery = {
  readonly by?: string | undefined;
  readonly act?: string | undefined;
  readonly venueId?: string | undefined;
  readonly result?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
};

const PAGE_ROWS = 50;

export const auditQueries = {
  /** Page by page, newest first. Reading is an act of its own, on record: asked only when somebody looks anew. */
  rows: (query: AuditQuery) =>
    infiniteQueryOptions({
      queryKey: ['audit', query],
      queryFn: ({ pageParam, signal }) =>
        get<Page<AuditRecord>>('/audit', { ...query, limit: PAGE_ROWS, cursor: pageParam }, signal),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: ({ nextCursor }) => nextCursor,
      placeholderData: keepPreviousData,
      refetchOnWindowFocus: false,
      retry: false,
    }),
  head: () =>
    queryOptions({
      queryKey: ['auditHead'],
      queryFn: ({ signal }) => get<AuditHead>('/audit/head', {}, signal),
      refetchInterval: ({ state }) => (state.data?.verifying === undefined ? 15_000 : 1_000),
    }),
} as const;

export const verifyAudit = (): Promise<AuditHead> => post<AuditHead>('/audit/verify', {});

export const auditCsvPath = (query: AuditQuery): string => apiPath('/audit/export', query);
