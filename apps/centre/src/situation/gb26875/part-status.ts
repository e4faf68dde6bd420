import { classify, conditionId, conditionKeyOf } from '@fengsui/alarm';
import {
  gbConditionKinds,
  gbConditions,
  gbResets,
  type GbCondition,
  type GbObject,
  type GbUnit,
} from '@fengsui/protocol';
import type { GbFrameContext } from './frame-context.ts';
import { pushGbEvent } from './gb-event.ts';
import { gbPointOf, isGbPointWithin } from './gb-point.ts';
import type { GbPart } from './gb-situation.ts';
import { gbEventTime } from './gb-time.ts';
import { keepPart } from './keep-part.ts';

type Objects = Extract<GbUnit, { kind: 'objects' }>;

/**
 * A status word is a level: what it states is compared with what the device has said of the same part before, raised
 * where it rises and ended where it falls. The memory of that is the condition itself, in the store: after a restart a
 * set bit that was never told rises.
 */
export function applyStatus(context: GbFrameContext, unit: Objects, object: GbObject): void {
  const { situation, device, profile, order, report } = context;
  const point = gbPointOf(object);
  const before = situation.gb.part(device.id, point);
  const time = gbEventTime(object.at, report.meta.receivedAt);
  const conditions = gbConditions({ ...unit, objects: [object] }, profile).filter(({ kind }) => kind !== 'manualAlarm');
  if ((before?.statusOrder ?? -1) > order) {
    // A newer word has been applied already: nothing of it changes, but a fire that was is not lost.
    for (const condition of conditions) {
      if (condition.kind === 'fire' && condition.isActive) tellOvertaken(context, point, condition, time);
    }
    return;
  }
  keepPart(context, object, {
    status: object.status as number,
    statusType: unit.type,
    statusAt: time.at,
    statusOrder: order,
  });
  for (const condition of conditions) tellLevel(context, point, condition, time);
}

type Time = ReturnType<typeof gbEventTime>;

function tellLevel(context: GbFrameContext, point: string, condition: GbCondition, time: Time): void {
  if (condition.isActive === isTold(context, point, condition.kind)) return;
  if (condition.isActive) tellActive(context, point, condition, time);
  else tellInactive(context, point, condition.kind, time.at);
  pushGbEvent(
    context,
    { kind: condition.kind, point, isActive: condition.isActive, level: 'alarm', ...time },
    context.order,
  );
}

function tellOvertaken(context: GbFrameContext, point: string, condition: GbCondition, time: Time): void {
  if (isTold(context, point, condition.kind)) return;
  tellActive(context, point, condition, time, { late: true });
  tellInactive(context, point, condition.kind, time.at);
  pushGbEvent(context, { kind: condition.kind, point, isActive: true, level: 'alarm', ...time }, context.order);
}

/** A manual alarm is told by an operation; only a reset ends it. */
export function tellManualAlarm(context: GbFrameContext, object: GbObject, at: number): void {
  const point = gbPointOf(object);
  const part = context.situation.gb.part(context.device.id, point);
  const time = { at };
  const condition = { kind: 'manualAlarm', isActive: true } as const;
  if ((part?.statusOrder ?? -1) > context.order) {
    tellOvertaken(context, point, condition, time);
    return;
  }
  keepPart(context, object, { isManualAlarmActive: true });
  tellActive(context, point, condition, time);
}

/** Whether the device's own statement of this kind stands. */
function isTold({ situation, device }: GbFrameContext, point: string, kind: string): boolean {
  const kept = situation.condition(conditionId(conditionKeyOf(device.id, point, kind)));
  return kept?.condition.sources['device'] !== undefined;
}

function tellActive(
  { situation, effects, device, place, report, entryId }: GbFrameContext,
  point: string,
  { kind, isTest }: GbCondition,
  { at }: Time,
  more: { readonly late?: true } = {},
): void {
  // A make whose bit 0 is reliable said that its panel is being tested.
  const origin = isTest === true && place.origin === 'live' ? 'test' : place.origin;
  const { classification } = classify(kind, 'alarm');
  const event = {
    kind: 'sourceActive',
    source: 'device',
    level: 'alarm',
    pointId: point,
    at,
    receivedAt: report.meta.receivedAt,
    entryId,
    origin,
    classification,
    ...more,
  } as const;
  situation.tell({ ...place, origin }, device.id, point, kind, event, effects);
}

function tellInactive({ situation, effects, device, place }: GbFrameContext, point: string, kind: string, at: number) {
  const event = { kind: 'sourceInactive', source: 'device', at, live: true } as const;
  situation.tell(place, device.id, point, kind, event, effects);
}

/** Bits of a status word that a reset at the facility does not take away: a shielded detector stays blind. */
const keptAtReset = ({ statusType }: GbPart): number => (statusType === 21 ? 0b1 : 0b1001);

/** Ends the device's side of what is active at the places that were reset; the incident stays until a person closes it. */
export function applyReset(context: GbFrameContext, unit: Objects): void {
  const { situation, device, effects, place, profile, order, report } = context;
  for (const reset of gbResets(unit, profile)) {
    const where = gbPointOf(reset);
    const { at } = gbEventTime(reset.at, report.meta.receivedAt);
    const kinds = reset.of === 'alarms' ? (['fire', 'manualAlarm'] as const) : gbConditionKinds;
    for (const part of situation.gb.parts(device.id)) {
      // A word that came after the reset stands.
      if (!isGbPointWithin(part.point, where) || (part.statusOrder ?? -1) > order) continue;
      for (const kind of kinds) {
        if (kind !== 'shielded' && isTold(context, part.point, kind)) tellInactive(context, part.point, kind, at);
      }
      const { isManualAlarmActive: _over, ...rest } = part;
      const mask = reset.of === 'alarms' ? ~0b10 : keptAtReset(part);
      const next = {
        ...rest,
        ...(part.status !== undefined && { status: part.status & mask }),
        statusOrder: order,
      };
      situation.gb.setPart(device.id, next);
      effects.gbParts.set(`${device.id}/${part.point}`, { place, deviceId: device.id, part: next });
    }
  }
}
