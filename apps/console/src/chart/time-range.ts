import { parseSpan } from '../format/duration.ts';

/** Presets of the trend and venue pages. */
export const rangePresets = ['5m', '15m', '1h', '6h', '24h', '7d', '30d', '365d'] as const;
export const defaultRange = '15m';

/** The range as it stands in the URL: `range=15m` follows the clock; `from`/`to` (epoch ms) stand still. */
export type RangeSearch = { range?: string; from?: string; to?: string };

export type TimeRange = { readonly from: number; readonly to: number; readonly isFollowing: boolean };

/** The part of a search that is a range, with anything unreadable dropped. */
export function rangeSearchOf(search: Readonly<Record<string, unknown>>): RangeSearch {
  const { range, from, to } = search;
  if (typeof from === 'string' && typeof to === 'string' && isSpanOfInstants(from, to)) return { from, to };
  return typeof range === 'string' && parseSpan(range) !== undefined ? { range } : {};
}

/** Instants of a range at `now` (epoch ms). A fixed range wins over a following one; without either, 15 min. */
export function timeRangeOf(search: RangeSearch, now: number): TimeRange {
  if (search.from !== undefined && search.to !== undefined)
    return { from: Number(search.from), to: Number(search.to), isFollowing: false };
  const spanMs = parseSpan(search.range ?? defaultRange) ?? 900_000;
  return { from: now - spanMs, to: now, isFollowing: true };
}

/** How often a following range is fetched anew: about 300 times over its width, not below 2 s nor above a minute. */
export function refreshEveryMs(range: TimeRange): number | false {
  if (!range.isFollowing) return false;
  return Math.min(60_000, Math.max(2_000, Math.round((range.to - range.from) / 300)));
}

function isSpanOfInstants(from: string, to: string): boolean {
  const [a, b] = [Number(from), Number(to)];
  return Number.isFinite(a) && Number.isFinite(b) && a > 0 && b > a;
}
