import { isClosedWorkOrder } from '@fengsui/protocol';
import type { KeptWorkOrder } from './kept-work-order.ts';
import { hasActiveFault, lastClearedAt } from './work-faults.ts';
import type { WorkRules } from './work-rules.ts';

/** What a timer of a work order means; a part of `TimerPurpose`. */
export type WorkTimerPurpose =
  /** A fault has lasted long enough to open an order by itself. */
  | { readonly kind: 'workOrderOpens'; readonly conditionId: string }
  /** The time to repair is up, or up for longer. */
  | { readonly kind: 'workOrderDue'; readonly orderId: string }
  /** The device has reported without the fault for long enough. */
  | { readonly kind: 'workOrderVerifies'; readonly orderId: string }
  /** It has not, and should have. */
  | { readonly kind: 'workOrderFails'; readonly orderId: string }
  /** The fault of an order nobody has taken has been gone for long. */
  | { readonly kind: 'workOrderWithdraws'; readonly orderId: string };

export type WantedTimer = { readonly dueAt: number; readonly purpose: WorkTimerPurpose };

export const openTimerId = (conditionId: string): string => `workOpen/${conditionId}`;

/** Somebody is to repair it: the clock runs. */
export const isClockRunning = ({ state }: KeptWorkOrder): boolean => state !== 'repaired' && !isClosedWorkOrder(state);

export const isOverdue = (order: KeptWorkOrder): boolean => order.escalation > 0 && isClockRunning(order);

/** When it is verified if nothing comes between; undefined while a fault stands or the device has not reported. */
export function readyAtOf(order: KeptWorkOrder): number | undefined {
  const { verification } = order;
  if (verification?.firstReportAt === undefined || hasActiveFault(order)) return undefined;
  return Math.max(verification.firstReportAt, lastClearedAt(order)) + verification.freshMs;
}

/** Every wait of an order is a row: which ones there must be, by id. */
export function timersOf(order: KeptWorkOrder, rules: WorkRules): ReadonlyMap<string, WantedTimer> {
  const timers = new Map<string, WantedTimer>();
  const { id: orderId } = order;
  const want = (id: string, dueAt: number, kind: Exclude<WorkTimerPurpose['kind'], 'workOrderOpens'>): void => {
    timers.set(`${id}/${orderId}`, { dueAt, purpose: { kind, orderId } });
  };
  const escalatesAfterMs = rules.escalateAfterMs[order.escalation];
  if (isClockRunning(order) && escalatesAfterMs !== undefined)
    want('workDue', order.dueAt + escalatesAfterMs, 'workOrderDue');
  if (order.state === 'repaired' && order.verification !== undefined) {
    const readyAt = readyAtOf(order);
    if (readyAt !== undefined) want('workVerify', readyAt, 'workOrderVerifies');
    // A window that began in time may run out in peace.
    want('workFail', Math.max(order.verification.untilAt, (readyAt ?? 0) + 1), 'workOrderFails');
  }
  if (order.state === 'open' && order.openedBy === undefined && !hasActiveFault(order))
    want('workWithdraw', lastClearedAt(order) + rules.withdrawAfterMs, 'workOrderWithdraws');
  return timers;
}
