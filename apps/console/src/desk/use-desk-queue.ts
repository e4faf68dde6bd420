import type { Alarm } from '@fengsui/protocol';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { filterOfSearch, passesFilter, type AlarmFilter } from '../alarm/alarm-filter.ts';
import { countAlarms, orderAlarms, type AlarmCounts } from '../alarm/alarm-order.ts';
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
  /** The shown alarms as they are now, in the places they have. */
  readonly rows: readonly Alarm[];
  readonly insert: () => void;
};

/** The queue of the desk: the feed's alarms, filtered by the URL, ordered, and held while the hand is on it. */
export function useDeskQueue(search: Readonly<Record<string, unknown>>, isHeld: boolean): DeskQueue {
  const { t, i18n } = useTranslation();
  const venues = useVenues();
  const { alarms, ended } = useLiveView().state;
  const filter = useMemo(() => filterOfSearch(search), [search]);
  const ordered = useMemo(() => {
    const words = (alarm: Alarm): string =>
      `${kindName(t, alarm.kind)} ${nameOf(venues.get(alarm.venueId), i18n.language, '')}`;
    return orderAlarms([...alarms.values()].filter((alarm) => passesFilter(filter, alarm, words(alarm))));
  }, [alarms, filter, venues, i18n.language, t]);
  const { queue, insert } = useHeldQueue(ordered, isHeld, JSON.stringify(filter));
  const rows = useMemo(
    () => queue.shownIds.flatMap((id) => alarms.get(id) ?? ended.get(id) ?? []),
    [queue.shownIds, alarms, ended],
  );
  const counts = useMemo(() => countAlarms(alarms.values()), [alarms]);
  return { filter, counts, queue, rows, insert };
}
