import {
  isClosedWorkOrder,
  workOrderActs,
  type WorkFault,
  type WorkOrder,
  type WorkOrderStep,
} from '@fengsui/protocol';
import type { KeptFault, KeptStep, KeptWorkOrder } from './kept-work-order.ts';
import { hasActiveFault } from './work-faults.ts';
import { workLife } from './work-life.ts';
import { isOverdue, readyAtOf } from './work-timers.ts';

const iso = (at: number): string => new Date(at).toISOString();

/** The instants of an object that are there, as the API writes them. */
function instants<Name extends string>(from: Partial<Record<Name, number>>, names: readonly Name[]) {
  const entries = names.flatMap((name) => {
    const at = from[name];
    return at === undefined ? [] : [[name, iso(at)] as const];
  });
  return Object.fromEntries(entries) as Partial<Record<Name, string>>;
}

/** The order as API and live feed show it. */
export function workOrderView(order: KeptWorkOrder): WorkOrder {
  const {
    place,
    verification,
    repair,
    photos,
    faults,
    blindReasons,
    stepCount: _own,
    openedAt,
    dueAt,
    ...rest
  } = order;
  const { assignedAt, departedAt, arrivedAt, closedAt, ...plain } = rest;
  const table = workLife[order.state];
  return {
    ...plain,
    ...instants(
      { assignedAt, departedAt, arrivedAt, closedAt } as Partial<
        Record<'assignedAt' | 'departedAt' | 'arrivedAt' | 'closedAt', number>
      >,
      ['assignedAt', 'departedAt', 'arrivedAt', 'closedAt'],
    ),
    venueId: place.venueId,
    origin: place.origin,
    openedAt: iso(openedAt),
    dueAt: iso(dueAt),
    overdue: isOverdue(order),
    faults: faults.map(faultView),
    ...(blindReasons !== undefined && { blindReasons: [...blindReasons] }),
    photos: photos.map((photo) => ({ ...photo, at: iso(photo.at) })),
    ...(repair !== undefined && { repair: { ...repair, at: iso(repair.at) } }),
    ...(verification !== undefined &&
      !isClosedWorkOrder(order.state) && { verification: verificationView(order, verification) }),
    acts: workOrderActs.filter((act) => table[act] !== undefined),
  };
}

function faultView({ conditionId: _own, firstAt, lastAt, clearedAt, ...rest }: KeptFault): WorkFault {
  return {
    ...rest,
    firstAt: iso(firstAt),
    lastAt: iso(lastAt),
    ...(clearedAt !== undefined && { clearedAt: iso(clearedAt) }),
  };
}

function verificationView(
  order: KeptWorkOrder,
  { freshMs, untilAt, firstReportAt }: NonNullable<KeptWorkOrder['verification']>,
): NonNullable<WorkOrder['verification']> {
  const readyAt = readyAtOf(order);
  return {
    waitingFor: hasActiveFault(order) ? 'faultToClear' : firstReportAt === undefined ? 'firstReport' : 'time',
    ...(firstReportAt !== undefined && { firstReportAt: iso(firstReportAt) }),
    ...(readyAt !== undefined && { readyAt: iso(readyAt) }),
    untilAt: iso(untilAt),
    freshMin: freshMs / 60_000,
  };
}

export function workStepView(number: number, { at, detail, ...step }: KeptStep): WorkOrderStep {
  return { number, at: iso(at), ...step, ...(detail !== undefined && { detail: { ...detail } }) };
}
