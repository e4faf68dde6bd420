import { hash } from 'node:crypto';
import {
  decodeCaptureChunk,
  decodeEvent,
  decodePresence,
  decodeTelemetry,
  type CaptureChunk,
  type DeviceEvent,
  type Presence,
  type Telemetry,
} from '@fengsui/protocol';
import type { Entry, ReportMeta } from '../journal/entry.ts';
import type { RegistryChange } from '../registry/registry-change.ts';
import type { OperatorActMeta } from './operator-act.ts';
import type { TimerFiredMeta } from './timer.ts';

export type SessionChange = { readonly state: 'opened' | 'closed'; readonly session: number };

export type ReportBody =
  | { readonly channel: 'telemetry'; readonly telemetry: Telemetry }
  | { readonly channel: 'event'; readonly event: DeviceEvent }
  | { readonly channel: 'capture'; readonly chunk: CaptureChunk; readonly captureId: string }
  | { readonly channel: 'presence'; readonly presence: Presence | SessionChange }
  | { readonly channel: 'unreadable'; readonly reason: string; readonly topic: string };

export type DecodedReport = {
  readonly entry: Entry;
  readonly meta: ReportMeta;
  readonly digest: Uint8Array;
  readonly digestHex: string;
  readonly body: ReportBody;
};

export type DecodedEntry =
  | ({ readonly kind: 'report' } & DecodedReport)
  | { readonly kind: 'operatorAct'; readonly entry: Entry; readonly meta: OperatorActMeta }
  | { readonly kind: 'registryChange'; readonly entry: Entry; readonly changes: readonly RegistryChange[] }
  | { readonly kind: 'timerFired'; readonly entry: Entry; readonly meta: TimerFiredMeta };

const NOTHING = new Uint8Array();

/** The identity of a body: 128 bits of SHA-256 over channel and payload. */
function digestOf(channel: string, payload: Uint8Array): Uint8Array {
  return hash('sha256', Buffer.concat([Buffer.from(`${channel}\0`), payload]), 'buffer').subarray(0, 16);
}

/** Reads an entry back. A payload that intake could read but this version cannot is quarantined, not lost. */
export function decodeEntry(entry: Entry): DecodedEntry {
  switch (entry.kind) {
    case 'report':
      return decodeReport(entry);
    case 'operatorAct':
      return { kind: 'operatorAct', entry, meta: entry.meta as OperatorActMeta };
    case 'registryChange':
      return { kind: 'registryChange', entry, changes: (entry.meta as { changes: readonly RegistryChange[] }).changes };
    case 'timerFired':
      return { kind: 'timerFired', entry, meta: entry.meta as TimerFiredMeta };
    case 'commandReply':
      throw new Error('commandReply entries are written from the first command on (not in this version)');
  }
}

function decodeReport(entry: Entry): DecodedEntry {
  const meta = entry.meta as ReportMeta;
  const payload = entry.payload ?? NOTHING;
  const digest = digestOf(meta.channel, payload);
  return {
    kind: 'report',
    entry,
    meta,
    digest,
    digestHex: Buffer.from(digest).toString('hex'),
    body: readBody(meta, payload),
  };
}

function readBody(meta: ReportMeta, payload: Uint8Array): ReportBody {
  const topic = meta.topic ?? meta.channel;
  const unreadable = (reason: string): ReportBody => ({ channel: 'unreadable', reason, topic });
  switch (meta.channel) {
    case 'telemetry': {
      const telemetry = decodeTelemetry(payload);
      return telemetry.kind === 'discarded' ? unreadable(telemetry.reason) : { channel: 'telemetry', telemetry };
    }
    case 'event': {
      const event = decodeEvent(payload);
      return event.kind === 'discarded' ? unreadable(event.reason) : { channel: 'event', event };
    }
    case 'capture': {
      const chunk = decodeCaptureChunk(payload);
      if (chunk.kind === 'discarded') return unreadable(chunk.reason);
      return { channel: 'capture', chunk, captureId: meta.captureId ?? '' };
    }
    case 'presence': {
      const session = meta as ReportMeta & { readonly state?: 'opened' | 'closed' };
      if (session.state !== undefined && session.session !== undefined) {
        return { channel: 'presence', presence: { state: session.state, session: session.session } };
      }
      const presence = decodePresence(payload);
      return presence.kind === 'discarded' ? unreadable(presence.reason) : { channel: 'presence', presence };
    }
    case 'unreadable':
      return unreadable(meta.reason ?? 'unreadable');
  }
}
