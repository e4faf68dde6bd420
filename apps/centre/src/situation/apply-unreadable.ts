import { MALFORMED_PER_MINUTE } from '../intake/malformed-rate.ts';
import type { Entry, ReportMeta } from '../journal/entry.ts';
import { raiseFault } from './centre-fault.ts';
import type { ReportContext } from './report-context.ts';
import type { Effects } from './effects.ts';
import { storableText } from './storable-json.ts';

/** A message may be as large as a packet; what is kept of it for a person to look at need not be. */
const KEPT_PAYLOAD_BYTES = 4 * 1024;
const MINUTE_MS = 60_000;

/** Puts the report's payload into quarantine with its reason; bounded per device by `commitSteps`. */
export function quarantineRow({ effects, device, place, report }: ReportContext, topic: string, reason: string): void {
  const payload = report.entry.payload ?? new Uint8Array();
  effects.quarantinedDevices.add(device.id);
  effects.quarantine.push([
    place.partition,
    place.venueId,
    place.origin,
    device.id,
    report.meta.receivedAt,
    storableText(topic),
    storableText(reason),
    report.digest,
    payload.subarray(0, KEPT_PAYLOAD_BYTES),
  ]);
}

/** Acknowledged, quarantined, counted: above 20 a minute it is a fault of the device. design.md 5.1. */
export function applyUnreadable(context: ReportContext, topic: string, reason: string): void {
  const { situation, effects, device, place, report } = context;
  quarantineRow(context, topic, reason);
  const now = report.meta.receivedAt;
  const recent = (situation.unreadableAt.get(device.id) ?? []).filter((at) => now - at < MINUTE_MS);
  recent.push(now);
  situation.unreadableAt.set(device.id, recent.slice(-(MALFORMED_PER_MINUTE + 1)));
  if (recent.length <= MALFORMED_PER_MINUTE) return;
  raiseFault(context, 'malformedReports');
  const purpose = { kind: 'malformedCalm', deviceId: device.id } as const;
  effects.setTimer({ id: `malformed/${device.id}`, venueId: place.venueId, dueAt: now + MINUTE_MS, purpose });
}

/** An entry that could not be applied at all. */
export function quarantineEntry(effects: Effects, entry: Entry, reason: string): void {
  const { deviceId = '', venueId = '', origin = 'live' } = entry.meta as Partial<ReportMeta>;
  effects.quarantinedDevices.add(deviceId);
  effects.quarantine.push([
    entry.partition,
    venueId,
    origin,
    deviceId,
    entry.appendedAt,
    entry.kind,
    storableText(reason),
    new Uint8Array(),
    (entry.payload ?? new Uint8Array()).subarray(0, KEPT_PAYLOAD_BYTES),
  ]);
}
