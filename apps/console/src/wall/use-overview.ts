import type { Overview } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { queries } from '../api/queries.ts';
import { useCentreNow } from '../format/age.tsx';
import { useNow } from '../format/use-now.ts';

/** An overview this old is no longer the present (it is asked for every 3 s). */
const overviewStaleAfterMs = 12_000;
/** No device has reported for this long: a city does not fall silent by itself. */
const reportsStaleAfterMs = 30_000;

export type WallOverview = {
  readonly overview: Overview | undefined;
  /** Screen clock of the answer shown. */
  readonly receivedAt: number;
  /** The overview cannot be had any more: what is shown is old. */
  readonly isLost: boolean;
  /** Age of the newest report of any device; undefined when there is none or it is not known. */
  readonly reportAgeMs: number | undefined;
  /** Lost, or every device silent. */
  readonly isStale: boolean;
};

/** The city's counts with the truth about their age; ticks every second. */
export function useOverview(): WallOverview {
  const { data, isError, dataUpdatedAt } = useQuery(queries.overview());
  const screenNow = useNow(1_000);
  const now = useCentreNow(1_000);
  const isLost = isError || (data !== undefined && screenNow - dataUpdatedAt > overviewStaleAfterMs);
  const reportAgeMs = data?.newestReportAt === undefined ? undefined : now - data.newestReportAt;
  const isStale = isLost || (reportAgeMs !== undefined && reportAgeMs > reportsStaleAfterMs);
  return { overview: data, receivedAt: dataUpdatedAt, isLost, reportAgeMs, isStale };
}
