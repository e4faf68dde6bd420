import type { Packet, Report } from '../report/report.ts';

/** A packet on its way; its bytes stay the same however often it is sent. */
export type OutboxEntry = Packet & { readonly kind: Report['kind']; readonly order: number };

export type OutboxLimits = {
  /** Packets waiting or in flight. */
  readonly packets: number;
  /** Bytes of their payloads. */
  readonly bytes: number;
};

export const defaultOutboxLimits: OutboxLimits = { packets: 20_000, bytes: 32 * 1024 * 1024 };

export type OutboxCounts = {
  readonly waiting: number;
  readonly inFlight: number;
  readonly bytes: number;
  readonly acknowledged: number;
  /** Telemetry given up because the outbox was full. */
  readonly droppedTelemetry: number;
  /** Captures not taken because the outbox held twice its bytes. */
  readonly refusedCaptures: number;
};

/** What the device still owes the centre. Events and captures that were taken are never given up. */
export type Outbox = {
  /** False when the report was not taken. */
  put(report: Report): boolean;
  /** The next packet to send; it is in flight until acknowledged or returned. `isUrgent`: an event, or nothing. */
  take(isUrgent?: boolean): OutboxEntry | undefined;
  /** A connection stands: telemetry put from now on goes ahead of what waits, so that the centre sees now before then. */
  connected(): void;
  /** Nothing happens for an entry that is not in flight. */
  acknowledge(entry: OutboxEntry): void;
  /** The connection is gone: what was not acknowledged waits again, before everything younger of its lane. */
  returnInFlight(): void;
  isEmpty(): boolean;
  /** How much of its limits is used; above 1 only by events and captures. */
  fill(): number;
  counts(): OutboxCounts;
  /** Resolves when everything put and acknowledged is kept as far as it ever will be. */
  close(): Promise<void>;
};
