import { priorities, type AlarmState, type Category, type Origin, type Priority } from '../words.ts';
import { readGroupId } from './cluster.ts';
import { isSupplyKind } from './kinship.ts';

/** Why alarms came together, as far as they themselves show it. */
export const groupCauses = ['mainsCut', 'buildingPower', 'gateway', 'silence', 'loopFault', 'rate'] as const;
export type GroupCause = (typeof groupCauses)[number];

/** An alarm of a group, as a seat sees it. */
export type GroupedAlarm = {
  readonly id: string;
  readonly kind: string;
  readonly category: Category;
  readonly priority: Priority;
  readonly state: AlarmState;
  readonly origin: Origin;
  readonly deviceId: string;
  readonly venueId: string;
  readonly parentId?: string | undefined;
  readonly measure?: string | undefined;
  readonly clearedAt?: string | undefined;
};

/** One line for many: made of those that somebody sees, so that nobody learns of what he may not see. */
export type GroupSummary = {
  readonly id: string;
  readonly cause: GroupCause;
  /** When the first of all its alarms was raised, epoch ms. */
  readonly since: number;
  readonly childCount: number;
  readonly unacknowledgedCount: number;
  /** Those whose condition is still there. */
  readonly activeCount: number;
  /** Of its most urgent alarm; while some wait, of those. */
  readonly priority: Priority;
  readonly category: Category;
  readonly origin: Origin;
  /** The most frequent first. */
  readonly kinds: readonly { readonly kind: string; readonly count: number }[];
  readonly venues: readonly { readonly venueId: string; readonly count: number }[];
};

const WAITING: ReadonlySet<AlarmState> = new Set(['unacknowledged', 'returnedUnacknowledged', 'latchedUnacknowledged']);

/** Whether it waits for somebody. */
export const isUnacknowledged = ({ state }: { readonly state: AlarmState }): boolean => WAITING.has(state);

/** Undefined for an id that is none, and for a group of which nothing is seen. */
export function summariseGroup(id: string, children: readonly GroupedAlarm[]): GroupSummary | undefined {
  const said = readGroupId(id);
  const [first] = children;
  if (said === undefined || first === undefined) return undefined;
  const rank = ({ priority }: GroupedAlarm): number => priorities.indexOf(priority);
  const waiting = children.filter(isUnacknowledged);
  const pool = waiting.length > 0 ? waiting : children;
  const worst = pool.reduce((one, other) => (rank(other) < rank(one) ? other : one));
  const venues = countsOf(children.map(({ venueId }) => venueId));
  return {
    id,
    cause: causeOf(said.lane, children, venues.length),
    since: said.since,
    childCount: children.length,
    unacknowledgedCount: waiting.length,
    activeCount: children.filter(({ clearedAt }) => clearedAt === undefined).length,
    priority: worst.priority,
    category: worst.category,
    origin: worst.origin,
    kinds: countsOf(children.map(({ kind }) => kind)).map(([kind, count]) => ({ kind, count })),
    venues: venues.map(([venueId, count]) => ({ venueId, count })),
  };
}

function causeOf(lane: string, children: readonly GroupedAlarm[], venueCount: number): GroupCause {
  if (lane === 'loop') return 'loopFault';
  if (lane === 'rate') return 'rate';
  if (children.some(({ kind }) => isSupplyKind(kind))) return venueCount > 1 ? 'mainsCut' : 'buildingPower';
  // Whose own fault counts the silent behind it is their gateway.
  const gateways = new Set(children.filter(({ measure }) => measure === 'silentChildren').map((one) => one.deviceId));
  return gateways.size === 1 && venueCount === 1 ? 'gateway' : 'silence';
}

/** The most frequent first, then by name. */
function countsOf(words: readonly string[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort(([one, n], [other, m]) => m - n || (one < other ? -1 : 1));
}

/** A row of the list: an alarm, or a group with the alarms behind it. */
export type GroupRow<Alarm> =
  | { readonly kind: 'alarm'; readonly alarm: Alarm }
  | { readonly kind: 'group'; readonly group: GroupSummary; readonly children: readonly Alarm[] };

/** Every alarm once: as its own row, or behind that of its group. Of a group with one alarm left, that is the row. */
export function groupRows<Alarm extends GroupedAlarm>(alarms: Iterable<Alarm>): GroupRow<Alarm>[] {
  const byParent = Map.groupBy(alarms, ({ parentId }) => parentId);
  return [...byParent].flatMap(([parentId, children]): GroupRow<Alarm>[] => {
    const group = parentId === undefined || children.length < 2 ? undefined : summariseGroup(parentId, children);
    return group === undefined
      ? children.map((alarm) => ({ kind: 'alarm', alarm }))
      : [{ kind: 'group', group, children }];
  });
}
