import type { Alarm, Venue } from '@fengsui/protocol';
import { compareAlarms } from '../alarm/alarm-order.ts';

export type VenueTile = { readonly venue: Venue; readonly worst: Alarm | undefined; readonly alarmCount: number };

export type TileFit = { readonly tiles: readonly VenueTile[]; readonly restCount: number };

/**
 * Which venues the wall shows in `capacity` tiles. All of them in a lasting order (class, then name) when they fit, so
 * that each keeps its place; otherwise the ones with alarms, the most urgent first, then as many others as fit, the last
 * tile being left for "and N more".
 */
export function fitTiles(
  venues: readonly Venue[],
  byVenue: ReadonlyMap<string, readonly Alarm[]>,
  capacity: number,
): TileFit {
  const tiles = [...venues]
    .sort((a, b) => a.class.localeCompare(b.class) || a.name.localeCompare(b.name, 'zh') || a.id.localeCompare(b.id))
    .map((venue): VenueTile => {
      const alarms = byVenue.get(venue.id) ?? [];
      return { venue, worst: [...alarms].sort(compareAlarms)[0], alarmCount: alarms.length };
    });
  if (tiles.length <= capacity) return { tiles, restCount: 0 };
  const abnormal = tiles
    .filter(({ worst }) => worst)
    .sort((a, b) => (a.worst && b.worst ? compareAlarms(a.worst, b.worst) : 0));
  const normal = tiles.filter(({ worst }) => !worst);
  const shown = [...abnormal, ...normal].slice(0, Math.max(0, capacity - 1));
  return { tiles: shown, restCount: tiles.length - shown.length };
}
