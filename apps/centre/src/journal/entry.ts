import type { Origin } from '@fengsui/alarm';
import type { ForeignMeta } from './foreign-meta.ts';
import type { GbMeta } from './gb-meta.ts';
import type { RelayMeta } from './relay-meta.ts';

/** `alarm` is drained first: a fire never waits behind telemetry. */
export const lanes = ['alarm', 'bulk'] as const;
export type Lane = (typeof lanes)[number];

/** Fixed for ever: every row stores its partition. */
export const PARTITION_COUNT = 256;

export const entryKinds = ['report', 'operatorAct', 'registryChange', 'timerFired', 'commandReply'] as const;
export type EntryKind = (typeof entryKinds)[number];

/** What a device sent, as received: the payload stays in its wire form. */
export type ReportMeta = {
  readonly deviceId: string;
  readonly venueId: string;
  readonly origin: Origin;
  readonly receivedAt: number;
  readonly channel:
    | 'telemetry'
    | 'event'
    | 'capture'
    | 'presence'
    | 'unreadable'
    | 'gb26875'
    | 'reply'
    | 'foreign'
    | 'relay'
    | 'canary';
  /** Highest seq of its epoch at the moment of receipt, or without seq: only a live report is evaluated (design.md 5.1). */
  readonly live: boolean;
  readonly captureId?: string;
  /** Why the payload goes to quarantine; only with channel `unreadable`. */
  readonly reason?: string;
  readonly topic?: string;
  /** Presence only: the session's own statement and the centre's (connected, closed) share one shape. */
  readonly session?: number;
  /** Where the session comes from, and that it took over from one that was still open. */
  readonly address?: string;
  readonly tookOver?: true;
  /** Only with channel `gb26875`. */
  readonly gb?: GbMeta;
  /** A foreign platform sent it. */
  readonly foreign?: ForeignMeta;
  /** Only with channel `relay`. */
  readonly relay?: RelayMeta;
};

/** One thing that changes the situation. `sequence` rises by one per lane; `appendedAt` is epoch ms. */
export type NewEntry = {
  readonly kind: EntryKind;
  readonly partition: number;
  readonly appendedAt: number;
  /** JSON; its shape belongs to `kind`. */
  readonly meta: object;
  readonly payload?: Uint8Array;
  /** What intake has read of the payload already: in memory alone, so absent after a restart. */
  readonly decoded?: object;
};

export type Entry = NewEntry & { readonly lane: Lane; readonly sequence: number };

/** Names an entry for ever: alarm ids derive from it, so that a replay cannot double. */
export const entryIdOf = (entry: Entry): string => `${entry.lane}:${entry.sequence}`;
