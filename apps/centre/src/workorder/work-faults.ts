import { FAULTS_KEPT, type KeptFault, type KeptWorkOrder } from './kept-work-order.ts';
import { nextWork, type WorkStep } from './work-life.ts';

/** A fault as the situation tells it. */
export type FaultSaid = Pick<KeptFault, 'conditionId' | 'deviceId' | 'pointId' | 'kind'> & {
  readonly alarmId?: string;
};

/** What a change of a fault does to an order; without `step` there is nothing to tell. */
export type FaultOutcome = { readonly order: KeptWorkOrder; readonly steps: readonly WorkStep['step'][] };

/**
 * A fault of the order's root came, or came again. It never changes the revision: the technician's next act must not
 * fail because a line flickers. A fault that comes back after the repair was reported fails it at once.
 */
export function faultRaised(order: KeptWorkOrder, said: FaultSaid, at: number): FaultOutcome {
  const known = order.faults.find(({ conditionId }) => conditionId === said.conditionId);
  // Told again while active: the same coming.
  if (known?.active === true) return { order, steps: [] };
  const faultCount = order.faultCount + 1;
  if (known === undefined) {
    const isFull = order.faults.length >= FAULTS_KEPT;
    const fault: KeptFault = { ...said, active: true, firstAt: at, lastAt: at, count: 1 };
    const joined = { ...order, faultCount, faults: isFull ? order.faults : [...order.faults, fault] };
    const { kind, deviceId, pointId, alarmId } = said;
    const detail = { kind, deviceId, pointId, ...(alarmId !== undefined && { alarmId }) };
    const line = { at, kind: 'joined', from: order.state, to: order.state, detail } as const;
    return { order: joined, steps: isFull ? [] : [line] };
  }
  const { clearedAt: _over, ...rest } = known;
  const again: KeptFault = { ...rest, ...said, active: true, lastAt: at, count: known.count + 1 };
  const counted = { ...order, faultCount, faults: replaced(order.faults, again) };
  if (order.state !== 'repaired') return { order: counted, steps: [] };
  const failed = nextWork(counted, { kind: 'failVerification', at, because: 'cameBack' });
  return 'refused' in failed ? { order: counted, steps: [] } : { order: failed.order, steps: [failed.step] };
}

/** Nobody says any more that the fault is there. */
export function faultCleared(order: KeptWorkOrder, conditionId: string, at: number): FaultOutcome {
  const known = order.faults.find((fault) => fault.conditionId === conditionId);
  if (known === undefined || !known.active) return { order, steps: [] };
  const cleared = { ...order, faults: replaced(order.faults, { ...known, active: false, clearedAt: at }) };
  // Before the repair a line may flicker for weeks: only the last clearing counts, and stands with the fault.
  if (order.state !== 'repaired') return { order: cleared, steps: [] };
  const { kind, deviceId, pointId } = known;
  const detail = { kind, deviceId, pointId };
  return { order: cleared, steps: [{ at, kind: 'faultCleared', from: order.state, to: order.state, detail }] };
}

const replaced = (faults: readonly KeptFault[], now: KeptFault): readonly KeptFault[] =>
  faults.map((fault) => (fault.conditionId === now.conditionId ? now : fault));

export const hasActiveFault = ({ faults }: KeptWorkOrder): boolean => faults.some(({ active }) => active);

/** When the newest of the faults went; -Infinity when none ever stood. */
export const lastClearedAt = ({ faults }: KeptWorkOrder): number =>
  Math.max(-Infinity, ...faults.map(({ clearedAt, lastAt }) => clearedAt ?? lastAt));
