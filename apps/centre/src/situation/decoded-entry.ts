import { hash } from 'node:crypto';
import {
  decodeCaptureChunk,
  decodeEvent,
  decodePresence,
  decodeReply,
  decodeTelemetry,
  type CaptureChunk,
  type DeviceEvent,
  type Presence,
  type Reply,
  type Telemetry,
} from '@fengsui/protocol';
import type { ScreenTimeMeta } from '../commissioning/commissioning-act.ts';
import type { Entry, ReportMeta } from '../journal/entry.ts';
import type { ForeignMeta } from '../journal/foreign-meta.ts';
import type { GbMeta } from '../journal/gb-meta.ts';
import type { RelayMeta } from '../journal/relay-meta.ts';
import type { RegistryChange } from '../registry/registry-change.ts';
import { changesOf } from '../registry/registry-entry.ts';
import type { OperatorActMeta } from './operator-act.ts';
import type { TimerFiredMeta } from './timer.ts';

export type SessionChange = {
  readonly state: 'opened' | 'closed';
  readonly session: number;
  readonly address?: string;
  /** It was opened while another was open; or, of one that is closed: another was opened elsewhere meanwhile. */
  readonly tookOver?: true;
};

/** The meta of a `commandReply` entry that the centre itself writes: the command left, or could not. */
export type CommandSentMeta = {
  readonly commandId: string;
  readonly at: number;
  readonly failure?: { readonly code: string; readonly detail: string };
};

export type ReportBody =
  | { readonly channel: 'telemetry'; readonly telemetry: Telemetry }
  | { readonly channel: 'event'; readonly event: DeviceEvent }
  | { readonly channel: 'capture'; readonly chunk: CaptureChunk; readonly captureId: string }
  | { readonly channel: 'presence'; readonly presence: Presence | SessionChange }
  /** Read where it is applied: how depends on the device's profile. */
  | { readonly channel: 'gb26875'; readonly gb: GbMeta }
  | { readonly channel: 'reply'; readonly reply: Reply }
  /** A message of a foreign platform that waits, or waits no longer; it has no device. */
  | { readonly channel: 'foreign'; readonly foreign: ForeignMeta }
  /** Of frames on their way to another centre; it has no device. */
  | { readonly channel: 'relay'; readonly relay: RelayMeta }
  /** Of the centre's own device: it has no record. */
  | { readonly channel: 'canary'; readonly event: DeviceEvent }
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
  | { readonly kind: 'screenTime'; readonly entry: Entry; readonly meta: ScreenTimeMeta }
  | { readonly kind: 'registryChange'; readonly entry: Entry; readonly changes: readonly RegistryChange[] }
  | { readonly kind: 'commandSent'; readonly entry: Entry; readonly meta: CommandSentMeta }
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
      if ('isScreenTime' in entry.meta) return { kind: 'screenTime', entry, meta: entry.meta as ScreenTimeMeta };
      return { kind: 'operatorAct', entry, meta: entry.meta as OperatorActMeta };
    case 'registryChange':
      return { kind: 'registryChange', entry, changes: changesOf(entry) };
    case 'timerFired':
      return { kind: 'timerFired', entry, meta: entry.meta as TimerFiredMeta };
    case 'commandReply':
      if ('commandId' in entry.meta) return { kind: 'commandSent', entry, meta: entry.meta as CommandSentMeta };
      if ((entry.meta as ReportMeta).channel === 'reply') return decodeReport(entry);
      throw new Error('commandReply entry that is neither a reply nor a sending');
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
    body: readBody(meta, payload, entry.decoded),
  };
}

function readBody(meta: ReportMeta, payload: Uint8Array, decoded: object | undefined): ReportBody {
  const topic = meta.topic ?? meta.channel;
  const unreadable = (reason: string): ReportBody => ({ channel: 'unreadable', reason, topic });
  switch (meta.channel) {
    case 'telemetry': {
      const telemetry = (decoded as Telemetry | undefined) ?? decodeTelemetry(payload);
      return telemetry.kind === 'discarded' ? unreadable(telemetry.reason) : { channel: 'telemetry', telemetry };
    }
    case 'event': {
      const event = decodeEvent(payload);
      return event.kind === 'discarded' ? unreadable(event.reason) : { channel: 'event', event };
    }
    case 'canary': {
      const event = decodeEvent(payload);
      return event.kind === 'discarded' ? unreadable(event.reason) : { channel: 'canary', event };
    }
    case 'capture': {
      const chunk = decodeCaptureChunk(payload);
      if (chunk.kind === 'discarded') return unreadable(chunk.reason);
      return { channel: 'capture', chunk, captureId: meta.captureId ?? '' };
    }
    case 'presence': {
      const session = meta as ReportMeta & { readonly state?: 'opened' | 'closed' };
      if (session.state !== undefined && session.session !== undefined) {
        const { state, session: number, address, tookOver } = session;
        const from = { ...(address !== undefined && { address }), ...(tookOver !== undefined && { tookOver }) };
        return { channel: 'presence', presence: { state, session: number, ...from } };
      }
      const presence = decodePresence(payload);
      return presence.kind === 'discarded' ? unreadable(presence.reason) : { channel: 'presence', presence };
    }
    case 'gb26875':
      return meta.gb === undefined ? unreadable('gbMetaMissing') : { channel: 'gb26875', gb: meta.gb };
    case 'foreign':
      return meta.foreign === undefined
        ? unreadable('foreignMetaMissing')
        : { channel: 'foreign', foreign: meta.foreign };
    case 'relay':
      return meta.relay === undefined ? unreadable('relayMetaMissing') : { channel: 'relay', relay: meta.relay };
    case 'reply': {
      const reply = decodeReply(payload);
      return reply.kind === 'discarded' ? unreadable(reply.reason) : { channel: 'reply', reply };
    }
    case 'unreadable':
      return unreadable(meta.reason ?? 'unreadable');
  }
}
