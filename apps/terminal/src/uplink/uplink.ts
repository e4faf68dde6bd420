import type { Report } from '../report/report.ts';
import type { OutboxCounts } from './outbox.ts';

export type UplinkStatus = OutboxCounts & { readonly isConnected: boolean };

/** Brings reports to the centre. It takes them over at once and owes them until they are acknowledged. */
export type Uplink = {
  start(): void;
  send(report: Report): void;
  /** What presence says has changed: says it anew. */
  announce?(): void;
  /** False when a sender that can wait should: the outbox is half full. */
  hasRoom(): boolean;
  status(): UplinkStatus;
  /**
   * Sends what is left, for at most `timeoutMs`, and closes. Resolves with the number of packets left behind. May be
   * called again with less patience.
   */
  stop(timeoutMs: number): Promise<number>;
};
