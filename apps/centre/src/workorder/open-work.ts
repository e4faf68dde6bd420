import type { Priority } from '@fengsui/alarm';
import type { BlindReason } from '@fengsui/protocol';
import { entryIdOf } from '../journal/entry.ts';
import type { DeviceRecord } from '../registry/registry-change.ts';
import { keepWork, type WorkContext } from './keep-work.ts';
import type { KeptFault, KeptStep, KeptWorkOrder } from './kept-work-order.ts';
import type { FaultSaid } from './work-faults.ts';
import { workOrderIdOf } from './work-order-id.ts';

export type Opening = {
  readonly device: DeviceRecord;
  readonly priority: Priority;
  readonly fault?: FaultSaid & { readonly raisedAt: number; readonly clearedAt?: number };
  readonly blindReasons?: readonly BlindReason[];
  readonly by?: string;
  readonly note?: string;
};

/** Opens an order. Its id derives from the entry that opened it, so that a replay finds the same one. */
export function openWork(context: WorkContext, opening: Opening): KeptWorkOrder {
  const { situation, entry, now } = context;
  const { work } = situation;
  const { device, priority, fault, blindReasons, by, note } = opening;
  const first = fault === undefined ? undefined : faultOf(context, fault);
  const past = repeated(context, opening);
  const place = situation.placeOf(device);
  const order: KeptWorkOrder = {
    id: workOrderIdOf(device.id, entryIdOf(entry)),
    number: work.numbers.next(place.partition),
    revision: 1,
    state: 'open',
    priority,
    place,
    deviceId: device.id,
    openedAt: now,
    ...(by !== undefined && { openedBy: by }),
    ...(note !== undefined && { note }),
    faults: first === undefined ? [] : [first],
    faultCount: first === undefined ? 0 : 1,
    ...(blindReasons !== undefined && { blindReasons }),
    dueAt: now + work.rules.dueMs[priority],
    escalation: 0,
    failedAttempts: 0,
    photos: [],
    ...(past !== undefined && { repeatOf: past.id }),
    repeatCount: past === undefined ? 0 : past.repeatCount + 1,
    stepCount: 0,
  };
  const detail = {
    ...(fault !== undefined && { kind: fault.kind, pointId: fault.pointId, alarmId: fault.alarmId }),
    ...(blindReasons !== undefined && { blindReasons }),
    ...(past !== undefined && { repeatOf: past.id }),
  };
  const line = {
    at: now,
    kind: 'opened',
    to: 'open',
    ...(by !== undefined && { by }),
    ...(note !== undefined && { note }),
  } as const;
  const step: KeptStep = { ...line, detail };
  return keepWork(context, undefined, order, [step]);
}

function faultOf({ situation }: WorkContext, said: NonNullable<Opening['fault']>): KeptFault {
  const { raisedAt, clearedAt, ...fault } = said;
  const active = isActiveNow(situation.condition(said.conditionId)?.condition.sources);
  return {
    ...fault,
    active,
    firstAt: raisedAt,
    lastAt: raisedAt,
    ...(!active && clearedAt !== undefined && { clearedAt }),
    count: 1,
  };
}

const isActiveNow = (sources: Readonly<Record<string, unknown>> | undefined): boolean =>
  sources !== undefined && Object.keys(sources).length > 0;

/** The order of this device that was closed lately and had the same kind of fault, or the same blindness. */
function repeated({ situation: { work }, now }: WorkContext, { device, fault, blindReasons }: Opening) {
  const past = work.lastClosed(device.id);
  if (past === undefined || now - past.closedAt > work.rules.repeatWithinMs) return undefined;
  const isSame =
    fault === undefined ? blindReasons !== undefined && past.kinds.length === 0 : past.kinds.includes(fault.kind);
  return isSame ? past : undefined;
}
