import { categories, priorities, type Category, type Priority } from '@fengsui/alarm';
import type { Alarm } from '@fengsui/protocol';
import { standingOf, type Standing } from './alarm-standing.ts';

/** States an operator filters by; `ended` alarms are never in the queue. */
export const filterStandings = ['unacknowledged', 'acknowledged', 'setAside'] as const satisfies readonly Standing[];
export type FilterStanding = (typeof filterStandings)[number];

/** Empty list = no restriction. */
export type AlarmFilter = {
  readonly categories: readonly Category[];
  readonly priorities: readonly Priority[];
  readonly standings: readonly FilterStanding[];
  readonly text: string;
};

export const noFilter: AlarmFilter = { categories: [], priorities: [], standings: [], text: '' };

/** The filter as it stands in the URL: `category=fire,warning&priority=P1&state=unacknowledged&q=…`. */
export type AlarmFilterSearch = { category?: string; priority?: string; state?: string; q?: string };

/** Unknown words are dropped: an old link opens with what is left of its filter. */
export function filterOfSearch(search: Readonly<Record<string, unknown>>): AlarmFilter {
  return {
    categories: pick(categories, search.category),
    priorities: pick(priorities, search.priority),
    standings: pick(filterStandings, search.state),
    text: typeof search.q === 'string' ? search.q.slice(0, 100) : '',
  };
}

/** The inverse of {@link filterOfSearch}; parts without restriction are absent. */
export function searchOfFilter(filter: AlarmFilter): AlarmFilterSearch {
  return {
    ...(filter.categories.length > 0 ? { category: filter.categories.join(',') } : {}),
    ...(filter.priorities.length > 0 ? { priority: filter.priorities.join(',') } : {}),
    ...(filter.standings.length > 0 ? { state: filter.standings.join(',') } : {}),
    ...(filter.text === '' ? {} : { q: filter.text }),
  };
}

/**
 * Whether an alarm passes. `words` is what the row shows of it (kind, venue, device, in the language of the screen);
 * every word of the text must be found in it.
 */
export function passesFilter(filter: AlarmFilter, alarm: Alarm, words: string): boolean {
  if (filter.categories.length > 0 && !filter.categories.includes(alarm.category)) return false;
  if (filter.priorities.length > 0 && !filter.priorities.includes(alarm.priority)) return false;
  const standing = standingOf(alarm.state);
  if (filter.standings.length > 0 && !filter.standings.some((wanted) => wanted === standing)) return false;
  if (filter.text === '') return true;
  const haystack = `${words} ${alarm.id} ${alarm.deviceId} ${alarm.pointId} ${alarm.venueId}`.toLowerCase();
  return filter.text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => haystack.includes(word));
}

/** Adds `word` to a list, or takes it out. */
export function toggle<Word extends string>(list: readonly Word[], word: Word): Word[] {
  return list.includes(word) ? list.filter((other) => other !== word) : [...list, word];
}

/** True when the filter restricts anything: an empty list then does not mean "no alarms". */
export function isFiltering(filter: AlarmFilter): boolean {
  return Object.keys(searchOfFilter(filter)).length > 0;
}

function pick<Word extends string>(words: readonly Word[], given: unknown): Word[] {
  if (typeof given !== 'string') return [];
  const wanted = given.split(',');
  return words.filter((word) => wanted.includes(word));
}
