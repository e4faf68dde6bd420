import {
  decodeGbFrame,
  gbBitNames,
  gbOperationBits,
  gbUnitType,
  type GbFrame,
  type GbObject,
  type GbUnit,
} from '@fengsui/protocol';
import type { GbMeta } from '../../journal/gb-meta.ts';
import { applyUnreadable, quarantineRow } from '../apply-unreadable.ts';
import { judgeClock } from '../report-time.ts';
import type { ReportContext } from '../report-context.ts';
import { answerDutyCheck, pushDutyAnswer } from './duty-check.ts';
import type { GbFrameContext } from './frame-context.ts';
import { gbFrameIdentity } from './frame-identity.ts';
import { gbFrameKey } from './gb-situation.ts';
import { pushGbEvent } from './gb-event.ts';
import { gbPointOf } from './gb-point.ts';
import { gbEventTime, isGbClockSuspect } from './gb-time.ts';
import { applyPartValue } from './part-value.ts';
import { keepPart } from './keep-part.ts';
import { applyReset, applyStatus, tellManualAlarm } from './part-status.ts';

type FrameMeta = Extract<GbMeta, { kind: 'frame' }>;

const UPLOAD = 2;
const topic = 'gb26875';

/** Applies a frame that the door took: what it says of parts, values, people and clocks. */
export function applyGbFrame(report: ReportContext, { order, replayOf }: Pick<FrameMeta, 'order' | 'replayOf'>): void {
  const { situation, device, effects } = report;
  const payload = report.report.entry.payload ?? new Uint8Array();
  const profile = situation.gb.profileOf(device);
  const context: GbFrameContext = { ...report, profile, order };
  if (replayOf !== undefined) {
    const again = decodeGbFrame(payload, profile);
    if (again.kind === 'discarded' || !isReadableUnit(again.frame.unit)) return;
    applyUnit(context, again.frame.unit);
    effects.quarantineRead.push({ deviceId: device.id, receivedAt: replayOf, digest: report.report.digest });
    return;
  }
  situation.gb.noteOrder(order);
  situation.gb.frames.note(device.id, report.report.meta.receivedAt, payload);
  const decoded = decodeGbFrame(payload, profile);
  if (decoded.kind === 'discarded') {
    applyUnreadable(context, topic, `${decoded.reason}: ${decoded.detail}`);
    return;
  }
  const { frame } = decoded;
  if (frame.command === UPLOAD) recordFrame(context, frame, payload);
  applyUnit(context, frame.unit);
  const { receivedAt } = report.report.meta;
  if (frame.sentAt !== undefined) judgeClock(context, isGbClockSuspect(frame.sentAt, receivedAt), frame.sentAt);
}

/** A resend after a restart of the centre is compared with this. */
function recordFrame({ effects, device, place, report, order }: GbFrameContext, frame: GbFrame, payload: Uint8Array) {
  const key = gbFrameKey(device.id, frame.serial);
  if ((effects.gbFrames.get(key)?.order ?? 0) > order) return;
  const { receivedAt } = report.meta;
  const identity = gbFrameIdentity(payload);
  effects.gbFrames.set(key, { deviceId: device.id, place, serial: frame.serial, order, receivedAt, ...identity });
}

/** Whether a unit is applied, or goes to quarantine. */
export const isReadableUnit = (unit: GbUnit): boolean => unit.kind === 'objects' && !goesDown(unit);

/** A type of the standard that only a centre sends. */
function goesDown(unit: Extract<GbUnit, { kind: 'objects' }>): boolean {
  const row = unit.by === 'standard' ? gbUnitType(unit.type) : undefined;
  return row !== undefined && !row.commands.includes(UPLOAD);
}

function applyUnit(context: GbFrameContext, unit: GbUnit): void {
  switch (unit.kind) {
    case 'empty':
      return;
    case 'unreadable':
      applyUnreadable(context, topic, `${unit.reason}: ${unit.detail}`);
      return;
    case 'reserved':
      applyUnreadable(context, topic, `reservedType: type ${unit.type} is reserved by the standard`);
      return;
    case 'userDefined':
      // Conforming, only not described: kept for whoever writes the profile, no fault of the device.
      quarantineRow(context, topic, `userDefinedType: type ${unit.type}, no profile describes it`);
      return;
    case 'objects': {
      if (goesDown(unit)) {
        applyUnreadable(context, topic, `downstreamType: type ${unit.type} goes from the centre to a device`);
        return;
      }
      // What the unit resets ends before what it states begins.
      applyReset(context, unit);
      for (const object of unit.objects) applyObject(context, unit, object);
    }
  }
}

function applyObject(context: GbFrameContext, unit: Extract<GbUnit, { kind: 'objects' }>, object: GbObject): void {
  if (object.status !== undefined) applyStatus(context, unit, object);
  if (object.raw !== undefined && object.analogType !== undefined) applyPartValue(context, object);
  if (object.operation !== undefined) applyOperation(context, unit.type, object);
  applyFacts(context, unit.type, object);
}

function applyOperation(context: GbFrameContext, type: number, object: GbObject): void {
  const bits = gbOperationBits(type, context.profile);
  if (bits === undefined) return;
  const point = gbPointOf(object);
  const time = gbEventTime(object.at, context.report.meta.receivedAt);
  for (const name of gbBitNames(bits, object.operation ?? 0)) {
    if (name === 'onDutyAnswer') {
      answerDutyCheck(context, object.operator);
      pushDutyAnswer(context, object.operator, context.order);
      continue;
    }
    const evidence = { operator: object.operator };
    pushGbEvent(context, { kind: name, point, ...time, evidence }, context.order);
    if (name === 'manualAlarm') tellManualAlarm(context, object, time.at);
  }
}

/** Versions, configurations, clocks: facts about a place, shown, never judged. */
function applyFacts(context: GbFrameContext, type: number, object: GbObject): void {
  const { receivedAt } = context.report.meta;
  const isClock = type === 8 || type === 28;
  const facts = {
    ...(object.major !== undefined && { software: `${object.major}.${object.minor ?? 0}` }),
    ...(object.text !== undefined && { configuration: object.text }),
    ...(isClock && object.at !== undefined && { clockOffsetMs: object.at - receivedAt }),
  };
  const hasDescription = object.status === undefined && object.description !== undefined;
  if (Object.keys(facts).length > 0 || hasDescription) keepPart(context, object, facts);
}
