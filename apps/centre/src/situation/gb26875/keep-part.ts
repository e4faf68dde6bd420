import type { GbObject } from '@fengsui/protocol';
import type { GbFrameContext } from './frame-context.ts';
import { gbPointOf } from './gb-point.ts';
import type { GbPart } from './gb-situation.ts';

/** A device that invents addresses must not fill the memory; its alarms are raised all the same. */
const MOST_PARTS = 20_000;

/** The part an object speaks of, with what it says now; undefined when the device has more parts than are kept. */
export function keepPart(
  { situation, effects, device, place, report }: GbFrameContext,
  object: GbObject,
  said: Partial<GbPart>,
): GbPart | undefined {
  const point = gbPointOf(object);
  const before = situation.gb.part(device.id, point);
  if (before === undefined && situation.gb.partCount(device.id) >= MOST_PARTS) return undefined;
  const { systemType, systemAddress, partType, partAddress, description } = object;
  const part: GbPart = {
    ...before,
    point,
    ...(systemType !== undefined && { systemType }),
    ...(systemAddress !== undefined && { systemAddress }),
    ...(partType !== undefined && { partType }),
    ...(partAddress !== undefined && { partAddress }),
    ...(description !== undefined && { description }),
    ...said,
    receivedAt: Math.max(report.meta.receivedAt, before?.receivedAt ?? 0),
  };
  situation.gb.setPart(device.id, part);
  effects.gbParts.set(`${device.id}/${point}`, { place, deviceId: device.id, part });
  return part;
}
