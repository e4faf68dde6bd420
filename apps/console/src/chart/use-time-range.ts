import { useCallback, useEffect, useMemo, useState } from 'react';
import { refreshEveryMs, rangeSearchOf, timeRangeOf, type RangeSearch, type TimeRange } from './time-range.ts';

export type PageRange = {
  readonly search: RangeSearch;
  readonly range: TimeRange;
  /** For `queries.series`: a key that changes only when the question does, and the instants as of now. */
  readonly window: {
    readonly key: string;
    readonly range: () => { readonly from: number; readonly to: number };
    readonly everyMs: number | false;
  };
};

/** The time range of a page from its URL. A following range moves on with the centre's clock at its own pace. */
export function useTimeRange(search: Readonly<Record<string, unknown>>, centreOffsetMs: number): PageRange {
  const rangeSearch = useMemo(() => rangeSearchOf(search), [search]);
  const { range, from, to } = rangeSearch;
  const now = useCallback(
    () =>
      timeRangeOf(
        { ...(range === undefined ? {} : { range }), ...(from === undefined || to === undefined ? {} : { from, to }) },
        Date.now() + centreOffsetMs,
      ),
    [range, from, to, centreOffsetMs],
  );
  const [shown, setShown] = useState(now);
  useEffect(() => {
    setShown(now());
    const everyMs = refreshEveryMs(now());
    if (everyMs === false) return;
    const timer = window.setInterval(() => setShown(now()), Math.min(everyMs, 2_000));
    return () => window.clearInterval(timer);
  }, [now]);
  const everyMs = refreshEveryMs(shown);
  return {
    search: rangeSearch,
    range: shown,
    window: { key: range ?? (from === undefined ? 'default' : `${from}-${to}`), range: now, everyMs },
  };
}
