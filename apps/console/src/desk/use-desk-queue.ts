import type { Alarm } from '@fengsui/protocol';
import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { filterOfSearch, passesFilter, type AlarmFilter } from '../alarm/alarm-filter.ts';
import { countAlarms, type AlarmCounts } from '../alarm/alarm-order.ts';
import { groupQueue, type GroupEntry } from '../alarm/group-queue.ts';
import type { HeldQueue } from '../alarm/held-queue.ts';
import { useVenues } from '../alarm/use-place.ts';
import { useLiveView } from '../live/live-feed.tsx';
import { kindName, nameOf } from '../locale/words.ts';
import { useHeldQueue } from './use-held-queue.ts';

export type DeskQueue = {
  readonly filter: AlarmFilter;
  /** Over all alarms, whatever the filter. */
  readonly counts: AlarmCounts;
  readonly queue: HeldQueue;
  /** The shown rows as they are now, in the places they have: alarms, and groups of them. */
  readonly rows: readonly Alarm[];
  /** What stands behind a row that is a group; of one that is over, what stood there last. */
  readonly groupOf: (rowId: string) => GroupEntry | undefined;
  readonly insert: () => void;
};

const noGroups: ReadonlyMap<string, GroupEntry> = new Map();

/** The queue of the desk: the feed's alarms, filtered by the URL, grouped, ordered, and held while the hand is on it. */
export function useDeskQueue(
  search: Readonly<Record<string, unknown>>,
  isHeld: boolean,
  openGroupIds: ReadonlySet<string>,
): DeskQueue {
  const { t, i18n } = useTranslation();
  const venues = useVenues();
  const { alarms, ended } = useLiveView().state;
  const filter = useMemo(() => filterOfSearch(search), [search]);
  const { ordered, groups } = useMemo(() => {
    const words = (alarm: Alarm): string =>
      `${kindName(t, alarm.kind)} ${nameOf(venues.get(alarm.venueId), i18n.language, '')}`;
    const passing = [...alarms.values()].filter((alarm) => passesFilter(filter, alarm, words(alarm)));
    return groupQueue(passing, openGroupIds);
  }, [alarms, filter, openGroupIds, venues, i18n.language, t]);
  // Who opens a group moves the list himself.
  const asked = JSON.stringify([filter, [...openGroupIds]]);
  const { queue, insert } = useHeldQueue(ordered, isHeld, asked);
  const before = useRef(noGroups);
  useEffect(() => {
    before.current = new Map([...before.current, ...groups].filter(([id]) => queue.shownIds.includes(id)));
  }, [groups, queue.shownIds]);
  const groupOf = (rowId: string): GroupEntry | undefined => groups.get(rowId) ?? before.current.get(rowId);
  const rows = useMemo(() => {
    const byId = new Map(ordered.map((row) => [row.id, row]));
    return queue.shownIds.flatMap((id) => {
      const over = before.current.get(id);
      const gone =
        over && groupQueue(over.children, new Set()).ordered.map((row) => ({ ...row, state: 'normal' as const }));
      return byId.get(id) ?? alarms.get(id) ?? ended.get(id) ?? gone ?? [];
    });
  }, [queue.shownIds, ordered, alarms, ended]);
  const counts = useMemo(() => countAlarms(alarms.values()), [alarms]);
  return { filter, counts, queue, rows, groupOf, insert };
}
