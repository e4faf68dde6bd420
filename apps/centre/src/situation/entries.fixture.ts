import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { EventMessage } from '@fengsui/protocol';
import type { NewEntry, ReportMeta } from '../journal/entry.ts';
import { partitionOf } from '../journal/partition.ts';
import type { DeviceRecord, RegistryChange } from '../registry/registry-change.ts';
import type { AlarmAct } from './operator-act.ts';
import type { TimerPurpose } from './timer.ts';

/** 2025-11-21, 10:00 in Shanghai. */
export const T0 = Date.UTC(2025, 10, 21, 2);

export const deviceRecord = (id: string, change: Partial<DeviceRecord> = {}): DeviceRecord => ({
  id,
  model: 'generic-terminal',
  venueId: 'V1',
  origin: 'live',
  reportingIntervalMs: 10_000,
  ...change,
});

const venue = (id: string): RegistryChange => ({
  kind: 'venuePut',
  venue: { id, name: id, class: 'office', organisationId: 'O1', origin: 'live' },
});

/** One owner with two venues: terminals D1 and D2 and a smoke detector S1 in V1, terminal D9 in V2. */
export const house: readonly RegistryChange[] = [
  { kind: 'organisationPut', organisation: { id: 'O1', kind: 'venueOwner', name: 'O1', demo: false } },
  venue('V1'),
  venue('V2'),
  ...[
    deviceRecord('D1'),
    deviceRecord('D2'),
    deviceRecord('S1', { model: 'generic-smoke', reportingIntervalMs: 60_000 }),
    deviceRecord('D9', { venueId: 'V2' }),
  ].map((device): RegistryChange => ({ kind: 'devicePut', device })),
];

export type ReportOptions = {
  readonly receivedAt?: number;
  /** As intake judged it; default true. */
  readonly live?: boolean;
  readonly venueId?: string;
  readonly origin?: ReportMeta['origin'];
};

function report(
  deviceId: string,
  channel: ReportMeta['channel'],
  payload: Uint8Array | undefined,
  { receivedAt = T0, live = true, venueId = deviceId === 'D9' ? 'V2' : 'V1', origin = 'live' }: ReportOptions,
  more: object = {},
): NewEntry {
  const meta: ReportMeta = { deviceId, venueId, origin, receivedAt, channel, live, ...more };
  const entry = { kind: 'report', partition: partitionOf(venueId), appendedAt: receivedAt, meta } as const;
  return payload === undefined ? entry : { ...entry, payload };
}

const json = (message: object): Buffer => Buffer.from(JSON.stringify(message));

export const telemetry = (deviceId: string, message: object, options: ReportOptions = {}): NewEntry =>
  report(deviceId, 'telemetry', json(message), options);

export const event = (deviceId: string, message: EventMessage, options: ReportOptions = {}): NewEntry =>
  report(deviceId, 'event', json(message), options);

export const presence = (deviceId: string, message: object, options: ReportOptions = {}): NewEntry =>
  report(deviceId, 'presence', json(message), options);

export const session = (
  deviceId: string,
  state: 'opened' | 'closed',
  number: number,
  options: ReportOptions = {},
): NewEntry => report(deviceId, 'presence', undefined, options, { session: number, state });

export const unreadable = (deviceId: string, text: string, options: ReportOptions = {}): NewEntry =>
  report(deviceId, 'unreadable', Buffer.from(text), options, {
    reason: 'notJson',
    topic: `fengsui/v1/${deviceId}/telemetry`,
  });

export const chunkReport = (
  deviceId: string,
  captureId: string,
  chunk: Uint8Array,
  options: ReportOptions = {},
): NewEntry => report(deviceId, 'capture', chunk, options, { captureId });

/** A capture of `codes` in `chunkCount` chunks, laid out by hand after design.md 5.1. */
export function captureChunks(
  codes: readonly number[],
  chunkCount: number,
  change: { readonly seq?: number; readonly sha256?: string; readonly at?: number } = {},
): readonly Uint8Array[] {
  const frames = Buffer.alloc(codes.length * 2);
  codes.forEach((code, index) => frames.writeInt16LE(code, index * 2));
  const header = Buffer.from(
    JSON.stringify({
      epoch: 'cap',
      seq: 1,
      at: T0,
      sampleRateHz: 6_400,
      mainsHz: 50,
      channels: [{ point: 'c1.currentA', unit: 'A', scale: 0.5, offset: 1 }],
      frames: codes.length,
      triggerFrame: 0,
      sha256: createHash('sha256').update(frames).digest('hex'),
      ...change,
    }),
  );
  const size = Math.ceil(frames.length / chunkCount);
  return Array.from({ length: chunkCount }, (_, index) => {
    const part = frames.subarray(index * size, (index + 1) * size);
    const body = index === 0 ? Buffer.concat([header, part]) : part;
    const head = Buffer.alloc(16);
    head.write('FSC1', 0, 'latin1');
    head.writeUInt16LE(index, 4);
    head.writeUInt16LE(chunkCount, 6);
    head.writeUInt32LE(index === 0 ? header.length : 0, 8);
    head.writeUInt32LE(crc32(body), 12);
    return Buffer.concat([head, body]);
  });
}

export const act = (
  alarmId: string,
  wanted: AlarmAct,
  change: { readonly actId?: string; readonly by?: string; readonly at?: number; readonly venueId?: string } = {},
): NewEntry => {
  const { actId = `act of ${alarmId} ${wanted.kind}`, by = 'operator1', at = T0, venueId = 'V1' } = change;
  const meta = { actId, alarmId, venueId, by, at, act: wanted };
  return { kind: 'operatorAct', partition: partitionOf(venueId), appendedAt: at, meta };
};

export const fired = (timerId: string, firedAt: number, purpose: TimerPurpose): NewEntry => ({
  kind: 'timerFired',
  partition: 0,
  appendedAt: firedAt,
  meta: { timerId, firedAt, purpose },
});

export const started = (at: number): NewEntry => fired('centreStarted', at, { kind: 'centreStarted' });

export const registryChange = (changes: readonly RegistryChange[], at = T0): NewEntry => ({
  kind: 'registryChange',
  partition: 0,
  appendedAt: at,
  meta: { changes },
});
