import { conditionId, conditionKeyOf, isActive } from '@fengsui/alarm';
import type { Alarm } from '@fengsui/protocol';
import { isInPlace, isUnderMaintenance } from '../registry/device-life.ts';
import { blindSpots } from '../situation/blind-spots.ts';
import type { DecodedEntry } from '../situation/decoded-entry.ts';
import { lacksAll, type Lacking } from '../situation/duty.ts';
import type { Effects } from '../situation/effects.ts';
import type { Place } from '../situation/kept.ts';
import type { Situation } from '../situation/situation.ts';
import type { TimerFiredMeta } from '../situation/timer.ts';
import { keepWork, OVERDUE_KIND, type WorkContext } from './keep-work.ts';
import type { KeptWorkOrder } from './kept-work-order.ts';
import { openWork } from './open-work.ts';
import { faultCleared, faultRaised, hasActiveFault, type FaultOutcome } from './work-faults.ts';
import { nextWork, type CentreEvent } from './work-life.ts';
import { openTimerId, timersOf, type WorkTimerPurpose } from './work-timers.ts';

const MINUTE_MS = 60_000;
/** Silence shorter than this many contracted intervals is none (as in silence-watch). */
const MISSED_INTERVALS = 3;
/** An exercise breaks nothing. */
const NOT_FOR_REPAIR: ReadonlySet<string> = new Set(['drill', 'test', 'replay']);

/**
 * After each entry: what the alarms it changed mean for work orders, and whether a device that was repaired has spoken.
 * `changesBefore` is how many alarm changes there were before the entry.
 */
export function followWork(
  situation: Situation,
  effects: Effects,
  item: DecodedEntry,
  changesBefore: number,
  lacking: Lacking = lacksAll,
): void {
  const context: WorkContext = { situation, effects, entry: item.entry, now: item.entry.appendedAt };
  if (item.kind === 'report') noteReport(context, item);
  if (item.kind === 'registryChange') noteRetired(context, item, lacking);
  for (let index = changesBefore; index < effects.alarmChanges.length; index++) {
    const { alarmId, change } = effects.alarmChanges[index] ?? {};
    const alarm = effects.alarms.get(alarmId ?? '')?.alarm;
    if (alarm === undefined || alarm.kind === OVERDUE_KIND) continue;
    if (change?.kind === 'raised' || change?.kind === 'reraised') raised(context, alarm);
    // A latched alarm ends by an inspection, without having returned.
    else if (change?.kind === 'returned' || change?.kind === 'ended') cleared(context, alarm);
  }
}

const conditionOf = ({ deviceId, pointId, kind }: Alarm): string =>
  conditionId(conditionKeyOf(deviceId, pointId, kind));

function raised(context: WorkContext, alarm: Alarm): void {
  const { situation, effects, now } = context;
  const { work, registry } = situation;
  const id = conditionOf(alarm);
  const { deviceId, pointId, kind } = alarm;
  const known = work.ofCondition(id);
  const said = { conditionId: id, alarmId: alarm.id, deviceId, pointId, kind };
  if (known !== undefined) return keepOutcome(context, known, faultRaised(known, said, now));
  if (alarm.category !== 'fault' || NOT_FOR_REPAIR.has(alarm.origin)) return;
  const rule = work.rules.ofKind(kind);
  const order = rule.joins ? work.ofRoot(deviceId, registry.device(deviceId)?.parentId) : undefined;
  if (order !== undefined) return keepOutcome(context, order, faultRaised(order, said, now));
  if (rule.openAfterMs === undefined) return;
  const purpose = { kind: 'workOrderOpens', conditionId: id } as const;
  effects.setTimer({ id: openTimerId(id), venueId: alarm.venueId, dueAt: now + rule.openAfterMs, purpose });
}

function cleared(context: WorkContext, alarm: Alarm): void {
  const { situation, effects, now } = context;
  const id = conditionOf(alarm);
  const kept = situation.condition(id);
  // Raised again within the same entry.
  if (kept !== undefined && isActive(kept.condition)) return;
  situation.work.heldBack.delete(id);
  if (alarm.category === 'fault') effects.endTimer(openTimerId(id));
  const order = situation.work.ofCondition(id);
  if (order !== undefined) keepOutcome(context, order, faultCleared(order, id, now));
}

function keepOutcome(context: WorkContext, before: KeptWorkOrder, { order, steps }: FaultOutcome): void {
  if (order !== before) keepWork(context, before, order, steps);
}

/** What stands there no longer has no faults; the order goes on with the device that took its place. */
function noteRetired(
  context: WorkContext,
  { changes }: Extract<DecodedEntry, { kind: 'registryChange' }>,
  lacking: Lacking,
): void {
  const { work } = context.situation;
  const concerns = ({ partition }: Place): boolean => context.situation.owns(partition) && lacking.partition(partition);
  for (const change of changes) {
    if (change.kind !== 'devicePut' || isInPlace(change.device)) continue;
    const before = work.ofRoot(change.device.id, change.device.parentId);
    if (before === undefined || !concerns(before.place)) continue;
    let outcome: FaultOutcome = { order: before, steps: [] };
    for (const { conditionId: id, deviceId } of before.faults) {
      if (deviceId !== change.device.id) continue;
      const { order, steps } = faultCleared(outcome.order, id, context.now);
      outcome = { order, steps: [...outcome.steps, ...steps] };
    }
    keepOutcome(context, before, outcome);
  }
}

/** Only what the device itself says now is fresh: neither its link nor what waited in an outbox. */
function noteReport(context: WorkContext, { meta, body }: Extract<DecodedEntry, { kind: 'report' }>): void {
  if (!meta.live || !['telemetry', 'event', 'gb26875'].includes(body.channel)) return;
  if (body.channel === 'gb26875' && body.gb.kind !== 'frame') return;
  const { work, registry } = context.situation;
  const device = registry.device(meta.deviceId);
  // A device that took the place of the broken one speaks for the repair.
  const order =
    work.awaiting(meta.deviceId) ?? (device?.replaces === undefined ? undefined : work.awaiting(device.replaces));
  if (order?.verification === undefined || order.verification.firstReportAt !== undefined) return;
  if (meta.receivedAt <= (order.repair?.at ?? 0)) return;
  const verification = { ...order.verification, firstReportAt: meta.receivedAt };
  keepWork(context, order, { ...order, verification }, []);
}

/** A timer of work orders fired; the row is gone, and comes back when its reason is still there. */
export function workTimerFired(
  situation: Situation,
  effects: Effects,
  entry: DecodedEntry['entry'],
  meta: TimerFiredMeta & { readonly purpose: WorkTimerPurpose },
): void {
  const context: WorkContext = { situation, effects, entry, now: meta.firedAt };
  const { purpose } = meta;
  if (purpose.kind === 'workOrderOpens') return openByRule(context, purpose);
  const order = situation.work.get(purpose.orderId);
  if (order === undefined) return;
  const wanted = timersOf(order, situation.work.rules).get(meta.timerId);
  if (wanted === undefined) return;
  if (wanted.dueAt > meta.firedAt) {
    effects.setTimer({ id: meta.timerId, venueId: order.place.venueId, ...wanted });
    return;
  }
  switch (purpose.kind) {
    case 'workOrderDue': {
      const escalation = order.escalation + 1;
      const line = {
        at: context.now,
        kind: 'overdue',
        from: order.state,
        to: order.state,
        detail: { escalation },
      } as const;
      keepWork(context, order, { ...order, escalation }, [line]);
      return;
    }
    case 'workOrderVerifies':
      return verify(context, order);
    case 'workOrderFails':
      return tell(context, order, { kind: 'failVerification', at: context.now, because: whyNot(context, order) });
    case 'workOrderWithdraws':
      return tell(context, order, { kind: 'withdraw', at: context.now, reason: 'clearedByItself' });
  }
}

function tell(context: WorkContext, order: KeptWorkOrder, event: CentreEvent): void {
  const told = nextWork(order, event);
  if (!('refused' in told)) keepWork(context, order, told.order, [told.step]);
}

/** The time of reports without the fault is over: were there any, up to now? */
function verify(context: WorkContext, order: KeptWorkOrder): void {
  const { situation, now } = context;
  const heardAt = heardAtOf(situation, order.deviceId);
  const hasSpokenAgain = heardAt > (order.verification?.firstReportAt ?? Infinity);
  if (
    order.verification !== undefined &&
    (!hasSpokenAgain || !isFresh(context, order) || isStillBlind(situation, order))
  ) {
    // Anew with its next report, until the time is up.
    const { firstReportAt: _old, ...verification } = order.verification;
    keepWork(context, order, { ...order, verification }, []);
    return;
  }
  const { firstReportAt } = order.verification ?? {};
  const gone = order.faults.map(({ deviceId, kind, clearedAt }) => ({ deviceId, kind, clearedAt }));
  tell(context, order, { kind: 'verify', at: now, detail: { firstReportAt, heardAt, faults: gone } });
}

function whyNot(context: WorkContext, order: KeptWorkOrder): 'stillActive' | 'stillBlind' | 'noReports' {
  if (hasActiveFault(order)) return 'stillActive';
  return isFresh(context, order) && isStillBlind(context.situation, order) ? 'stillBlind' : 'noReports';
}

/** The device in whose place the broken one stood. */
function standing({ registry }: Situation, deviceId: string): string {
  return registry.placeOf(deviceId)[0] ?? deviceId;
}

const heardAtOf = (situation: Situation, deviceId: string): number =>
  situation.lastReceivedAt.get(standing(situation, deviceId)) ?? 0;

/** Heard within its contracted intervals, counted from the end of the time. */
function isFresh({ situation, now }: WorkContext, { deviceId, repair }: KeptWorkOrder): boolean {
  const id = standing(situation, deviceId);
  const heardAt = heardAtOf(situation, deviceId);
  const intervalMs = situation.registry.device(id)?.reportingIntervalMs ?? 0;
  const isSilent = situation.deviceStates.get(id)?.silentSince !== undefined;
  return !isSilent && heardAt > (repair?.at ?? 0) && now - heardAt <= MISSED_INTERVALS * intervalMs;
}

function isStillBlind(situation: Situation, { blindReasons, deviceId, place }: KeptWorkOrder): boolean {
  if (blindReasons === undefined) return false;
  const spot = blindSpots(situation, { venues: [place.venueId] }).find(
    (found) => found.deviceId === standing(situation, deviceId),
  );
  return spot?.reasons.some((reason) => blindReasons.includes(reason)) ?? false;
}

/** A fault has lasted. Whose device somebody works at already, or is gone, needs no order. */
function openByRule(context: WorkContext, purpose: Extract<WorkTimerPurpose, { kind: 'workOrderOpens' }>): void {
  const { situation, effects, now } = context;
  const { work, registry } = situation;
  const kept = situation.condition(purpose.conditionId);
  const alarm = kept?.condition.alarm;
  work.heldBack.delete(purpose.conditionId);
  if (kept === undefined || alarm === undefined || !isActive(kept.condition)) return;
  const { deviceId, kind } = kept.condition.key;
  const device = registry.device(deviceId);
  if (device === undefined || !isInPlace(device)) return;
  const rule = work.rules.ofKind(kind);
  const said = { conditionId: purpose.conditionId, alarmId: alarm.id, deviceId, pointId: alarm.pointId, kind };
  const order = rule.joins ? work.ofRoot(deviceId, device.parentId) : undefined;
  if (order !== undefined) return keepOutcome(context, order, faultRaised(order, said, now));
  const { venueId } = device;
  const isFull = work.openByRule(venueId) >= work.rules.perVenue;
  // Somebody works there and knows of it; what lasts beyond the isolation gets its order then.
  const isIsolated = kept.condition.state === 'outOfService';
  if (isFull || isIsolated || isUnderMaintenance(device)) {
    // A street without current is not a thousand orders: the rest waits, counted.
    if (isFull) work.heldBack.set(purpose.conditionId, venueId);
    const dueAt = now + Math.max(MINUTE_MS, rule.openAfterMs ?? 0);
    effects.setTimer({ id: openTimerId(purpose.conditionId), venueId, dueAt, purpose });
    return;
  }
  const priority = rule.priority ?? alarm.priority;
  openWork(context, { device, priority, fault: { ...said, raisedAt: alarm.raisedAt } });
}
