import type { Device } from '@fengsui/protocol';
import { keepPreviousData, useQueries } from '@tanstack/react-query';
import { queries } from '../api/queries.ts';
import type { DeviceListQuery } from '../api/resources.ts';

/** Rows asked for at once: more than a screen, far less than a city. */
const PAGE = 100;

export type DevicePages = {
  /** Devices that answer the question; undefined until the first answer. */
  readonly total: number | undefined;
  /** Undefined while it is on its way. */
  readonly deviceAt: (index: number) => Device | undefined;
  readonly error: unknown;
  readonly isOld: boolean;
  readonly retry: () => void;
};

/** The pages of the list that the screen shows; the first is always one of them, for it counts them all. */
export function useDevicePages(query: DeviceListQuery, first: number, last: number): DevicePages {
  const [from, to] = [Math.floor(first / PAGE), Math.floor(Math.max(first, last) / PAGE)];
  const wanted = [...new Set([0, ...Array.from({ length: to - from + 1 }, (_, i) => from + i)])];
  const results = useQueries({
    queries: wanted.map((page) => ({
      ...queries.deviceList(query, page, PAGE),
      ...(page === 0 && { placeholderData: keepPreviousData }),
    })),
  });
  const pages = new Map(wanted.map((page, i) => [page, results[i]?.data]));
  const failed = results.find(({ isError }) => isError);
  return {
    total: results[0]?.data?.total,
    deviceAt: (index) => pages.get(Math.floor(index / PAGE))?.items[index % PAGE],
    error: failed?.error,
    isOld: results[0]?.isPlaceholderData ?? false,
    retry: () => {
      for (const result of results) if (result.isError) void result.refetch();
    },
  };
}
