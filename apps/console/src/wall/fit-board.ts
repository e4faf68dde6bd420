import type { Alarm } from '@fengsui/protocol';

/** Alarms named under a venue before the rest is only counted. */
export const namedAlarms = 4;

/** Heights of wall.css in pixels: one line, and what a venue adds around its lines. */
const lineHeight = 26;
const venuePadding = 17;
const restHeight = 34;

export type BoardFit<Entry> = { readonly shown: readonly Entry[]; readonly restCount: number };

/** As many whole venues as fit into `height` pixels, and how many are left; the line that says so has its place too. */
export function fitBoard<Entry extends readonly [string, readonly Alarm[]]>(
  entries: readonly Entry[],
  height: number,
): BoardFit<Entry> {
  const heights = entries.map(
    ([, { length }]) =>
      venuePadding + lineHeight * (1 + Math.min(length, namedAlarms) + (length > namedAlarms ? 1 : 0)),
  );
  const countWithin = (room: number): number => {
    let used = 0;
    const index = heights.findIndex((one) => (used += one) > room);
    return index === -1 ? heights.length : index;
  };
  const all = countWithin(height);
  const count = all === entries.length ? all : countWithin(height - restHeight);
  return { shown: entries.slice(0, count), restCount: entries.length - count };
}
