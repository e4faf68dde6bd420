import { groupRows, type GroupRow } from '@fengsui/alarm';
import type { Alarm } from '@fengsui/protocol';
import { orderAlarms } from './alarm-order.ts';
import { standingOf } from './alarm-standing.ts';

export type GroupEntry = Extract<GroupRow<Alarm>, { readonly kind: 'group' }>;

export type GroupQueue = {
  /** In the order of the queue: a group stands where its most urgent alarm would, its alarms below it where it is open. */
  readonly ordered: readonly Alarm[];
  /** By the id of the row that stands for them. */
  readonly groups: ReadonlyMap<string, GroupEntry>;
};

/** Alarms with one cause as one row. Nothing is left out: what is not a row is behind one, and fire is always a row. */
export function groupQueue(alarms: Iterable<Alarm>, openIds: ReadonlySet<string>): GroupQueue {
  const rows = groupRows(alarms);
  const groups = new Map(rows.flatMap((row) => (row.kind === 'group' ? [[row.group.id, row] as const] : [])));
  const top = orderAlarms(rows.map((row) => (row.kind === 'group' ? rowOfGroup(row) : row.alarm)));
  const ordered = top.flatMap((row) => {
    const entry = openIds.has(row.id) ? groups.get(row.id) : undefined;
    return entry === undefined ? [row] : [row, ...orderAlarms(entry.children)];
  });
  return { ordered, groups };
}

/** What the queue needs of a row, so that groups and alarms are ordered, held and inserted by one rule. */
function rowOfGroup({ group, children }: GroupEntry): Alarm {
  const raisedAt = new Date(group.since).toISOString();
  const isWaiting = group.unacknowledgedCount > 0;
  const isSeen = children.some(({ state }) => standingOf(state) === 'acknowledged');
  return {
    id: group.id,
    kind: group.cause,
    category: group.category,
    priority: group.priority,
    level: 'alarm',
    state: isWaiting ? 'unacknowledged' : isSeen ? 'acknowledged' : 'shelved',
    deviceId: '',
    pointId: '',
    venueId: group.venues[0]?.venueId ?? '',
    origin: group.origin,
    raisedAt,
    receivedAt: raisedAt,
    count: 1,
  };
}
