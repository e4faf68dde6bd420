import { decodeGbFrame } from '@fengsui/protocol';
import type { GbMeta } from '../../journal/gb-meta.ts';
import type { Store } from '../../store/store.ts';
import type { DecodedEntry } from '../decoded-entry.ts';
import type { ReportContext } from '../report-context.ts';
import type { Situation } from '../situation.ts';
import { gbFrameIdentity, isResend } from './frame-identity.ts';
import { gbFrameKey } from './gb-situation.ts';
import { storedGbFrame } from './restore-gb.ts';

type FrameMeta = Extract<GbMeta, { kind: 'frame' }>;

/**
 * Whether a frame is applied already. A door tells a resend from a new frame by what it has taken itself; what a device
 * that changed doors had said at the other one is known here alone.
 */
export function isRepeated({ situation, effects, device, report }: ReportContext, gb: FrameMeta): boolean {
  if (!situation.gb.isNewOrder(gb.order)) return true;
  const payload = report.entry.payload ?? new Uint8Array();
  const key = gb.mayRepeat === true ? keyOf(situation, device.id, payload) : undefined;
  if (key === undefined) return false;
  const known = effects.gbFrames.get(key) ?? situation.gb.recalled.get(key);
  return known !== undefined && isResend(known, gbFrameIdentity(payload), report.meta.receivedAt);
}

/** Brings back the stored frames that frames of the batch may repeat; they are kept for this batch alone. */
export async function recallGbFrames(
  situation: Situation,
  store: Store,
  items: readonly DecodedEntry[],
): Promise<void> {
  situation.gb.recalled.clear();
  const asked = new Map<string, readonly [deviceId: string, serial: number]>();
  for (const item of items) {
    if (item.kind !== 'report' || item.body.channel !== 'gb26875') continue;
    const { gb } = item.body;
    if (gb.kind !== 'frame' || gb.mayRepeat !== true) continue;
    const { deviceId } = item.meta;
    const serial = serialOf(situation, deviceId, item.entry.payload ?? new Uint8Array());
    if (serial !== undefined) asked.set(gbFrameKey(deviceId, serial), [deviceId, serial]);
  }
  if (asked.size === 0) return;
  const rows = await store.query(
    `select device_id, serial, received_at, label, content from gb_frame
     join unnest($1::text[], $2::int4[]) as asked (id, number) on device_id = asked.id and serial = asked.number`,
    [[...asked.values()].map(([deviceId]) => deviceId), [...asked.values()].map(([, serial]) => serial)],
  );
  for (const frame of rows.map(storedGbFrame))
    situation.gb.recalled.set(gbFrameKey(frame.deviceId, frame.serial), frame);
}

const keyOf = (situation: Situation, deviceId: string, payload: Uint8Array): string | undefined => {
  const serial = serialOf(situation, deviceId, payload);
  return serial === undefined ? undefined : gbFrameKey(deviceId, serial);
};

function serialOf(situation: Situation, deviceId: string, payload: Uint8Array): number | undefined {
  const device = situation.registry.device(deviceId);
  if (device === undefined) return undefined;
  const decoded = decodeGbFrame(payload, situation.gb.profileOf(device));
  return decoded.kind === 'discarded' ? undefined : decoded.frame.serial;
}
