import type { Level } from '@fengsui/alarm';
import { entryIdOf, type Entry } from '../journal/entry.ts';
import type { Effects } from '../situation/effects.ts';
import type { Situation } from '../situation/situation.ts';
import type { KeptStep, KeptWorkOrder } from './kept-work-order.ts';
import { isOverdue, timersOf } from './work-timers.ts';

/** What applying one entry to work orders needs. `now` is the entry's own instant. */
export type WorkContext = {
  readonly situation: Situation;
  readonly effects: Effects;
  readonly entry: Entry;
  readonly now: number;
};

export const OVERDUE_KIND = 'workOrderOverdue';

/** Keeps an order with the lines it got, sets its timers, and shows or ends its being overdue. */
export function keepWork(
  context: WorkContext,
  before: KeptWorkOrder | undefined,
  after: KeptWorkOrder,
  steps: readonly KeptStep[],
): KeptWorkOrder {
  const { situation, effects } = context;
  const kept = { ...after, stepCount: after.stepCount + steps.length };
  situation.work.put(kept);
  effects.workOrders.set(kept.id, kept);
  for (const [index, step] of steps.entries())
    effects.workSteps.push({ orderId: kept.id, number: after.stepCount + index + 1, place: kept.place, step });
  keepTimers(context, before, kept);
  if ((before !== undefined && isOverdue(before)) !== isOverdue(kept) || before?.escalation !== kept.escalation)
    tellOverdue(context, kept);
  return kept;
}

function keepTimers(
  { situation, effects }: WorkContext,
  before: KeptWorkOrder | undefined,
  after: KeptWorkOrder,
): void {
  const { rules } = situation.work;
  const had = before === undefined ? new Map<string, never>() : timersOf(before, rules);
  const wanted = timersOf(after, rules);
  for (const [id, { dueAt, purpose }] of wanted)
    if (had.get(id)?.dueAt !== dueAt) effects.setTimer({ id, venueId: after.place.venueId, dueAt, purpose });
  for (const id of had.keys()) if (!wanted.has(id)) effects.endTimer(id);
}

/** Not an alarm of the device but of the people who look after it: category fault, whatever it is they are late with. */
function tellOverdue({ situation, effects, entry, now }: WorkContext, order: KeptWorkOrder): void {
  const { deviceId, place, escalation } = order;
  if (!isOverdue(order)) {
    if (situation.condition(`${deviceId}//${OVERDUE_KIND}`) === undefined) return;
    const gone = { kind: 'sourceInactive', source: 'centre', at: now, live: true } as const;
    situation.tell(place, deviceId, '', OVERDUE_KIND, gone, effects);
    return;
  }
  const level: Level = escalation > 1 ? 'alarm' : 'warning';
  const model = situation.registry.device(deviceId)?.model ?? '';
  const { classification } = situation.registry.classify(model, OVERDUE_KIND, level);
  const event = {
    kind: 'sourceActive',
    source: 'centre',
    level,
    pointId: '',
    at: now,
    receivedAt: now,
    entryId: entryIdOf(entry),
    origin: place.origin,
    classification,
    value: escalation,
    measure: 'escalation',
    isRunningCount: true,
  } as const;
  situation.tell(place, deviceId, '', OVERDUE_KIND, event, effects);
}
