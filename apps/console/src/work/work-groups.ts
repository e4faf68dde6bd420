import { isClosedWorkOrder, type WorkOrder } from '@fengsui/protocol';

export const workViews = ['open', 'mine', 'unassigned', 'overdue', 'closed'] as const;
export type WorkView = (typeof workViews)[number];

/** In the order in which somebody has to act. */
export const workGroupNames = ['failedVerification', 'open', 'assigned', 'moving', 'repaired', 'closed'] as const;
export type WorkGroupName = (typeof workGroupNames)[number];
export type WorkGroup = { readonly name: WorkGroupName; readonly orders: readonly WorkOrder[] };

export const isMine = ({ assignee, workedBy }: WorkOrder, username: string | undefined): boolean =>
  username !== undefined && (workedBy === username || (assignee?.kind === 'person' && assignee.id === username));

/** Whether the order is to be seen in the view. Closed ones are in their own view only. */
export function isInView(order: WorkOrder, view: WorkView, username: string | undefined): boolean {
  if (isClosedWorkOrder(order.state)) return view === 'closed';
  switch (view) {
    case 'open':
      return true;
    case 'mine':
      return isMine(order, username);
    case 'unassigned':
      return order.state === 'open';
    case 'overdue':
      return order.overdue;
    case 'closed':
      return false;
  }
}

function groupOf({ state }: WorkOrder): WorkGroupName {
  if (isClosedWorkOrder(state)) return 'closed';
  if (state === 'onTheWay' || state === 'onSite') return 'moving';
  return state as 'open' | 'assigned' | 'repaired' | 'failedVerification';
}

/** Groups that have orders; in each the one due first comes first, of closed ones the newest. */
export function groupWorkOrders(
  orders: Iterable<WorkOrder>,
  view: WorkView,
  username: string | undefined,
): WorkGroup[] {
  const seen = [...orders].filter((order) => isInView(order, view, username));
  const byGroup = Map.groupBy(seen, groupOf);
  return workGroupNames.flatMap((name) => {
    const found = byGroup.get(name);
    return found === undefined ? [] : [{ name, orders: found.sort(name === 'closed' ? newestFirst : dueFirst) }];
  });
}

const dueFirst = (a: WorkOrder, b: WorkOrder): number =>
  Date.parse(a.dueAt) - Date.parse(b.dueAt) || a.number - b.number;
const newestFirst = (a: WorkOrder, b: WorkOrder): number =>
  Date.parse(b.closedAt ?? b.openedAt) - Date.parse(a.closedAt ?? a.openedAt);
