import type { WorkOrderCounts } from '@fengsui/protocol';
import { isInScope, type Scope } from '../access/scope.ts';
import type { WorkBook } from './work-book.ts';
import { isOverdue } from './work-timers.ts';

export function countsOf(work: WorkBook, scope: Scope): WorkOrderCounts {
  const counts = { open: 0, unassigned: 0, overdue: 0, waitingForVerification: 0, heldBack: 0 };
  for (const order of work.open()) {
    if (!isInScope(scope, order.place.venueId)) continue;
    counts.open += 1;
    if (order.state === 'open') counts.unassigned += 1;
    if (order.state === 'repaired') counts.waitingForVerification += 1;
    if (isOverdue(order)) counts.overdue += 1;
  }
  for (const venueId of work.heldBack.values()) if (isInScope(scope, venueId)) counts.heldBack += 1;
  return counts;
}
