import type { Entry, Lane, NewEntry } from './entry.ts';

/**
 * The spine: everything that changes the situation is appended here before it is acknowledged.
 * Embedded it is append-only segment files (`openSegmentJournal`), scaled out NATS JetStream.
 */
export type Journal = {
  /**
   * Resolves with the sequence of each entry once all of them survive `kill -9` and a power cut.
   * Waits, rather than fails, while the disk is full or the reader is too far behind: whoever appends is held back.
   * Rejects only when the journal is closed.
   */
  append(lane: Lane, entries: readonly NewEntry[]): Promise<readonly number[]>;
  /** The next entries behind `after`, oldest first, at most `limit`; [] when there are none yet. */
  read(lane: Lane, after: number, limit: number): Promise<readonly Entry[]>;
  /** Called after entries became durable; a reader that found nothing waits for this. */
  onAppended(listener: (lane: Lane) => void): void;
  /** What lies at or before `through` is applied and durable in the store: the journal may forget it. */
  trim(lane: Lane, through: number): Promise<void>;
  lastSequence(lane: Lane): number;
  close(): Promise<void>;
};
