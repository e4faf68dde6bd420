import type { Entry, Lane, NewEntry } from './entry.ts';

/**
 * The spine: everything that changes the situation is appended here before it is acknowledged.
 * Embedded it is append-only segment files (`openSegmentJournal`), scaled out NATS JetStream (`openJetStreamJournal`, for
 * further workers `openWorkerJournal`). All pass `testJournalConformance`.
 */
export type Journal = {
  /**
   * Resolves with the sequence of each entry once all of them survive `kill -9` and what else the journal promises
   * (segment files: a power cut; JetStream: see ADR 20).
   * Waits, rather than fails, while the disk is full, the server away or the reader too far behind: whoever appends is
   * held back. Rejects only an entry that is too large, and everything once the journal is closed.
   */
  append(lane: Lane, entries: readonly NewEntry[]): Promise<readonly number[]>;
  /** The next entries behind `after`, oldest first, at most `limit`; [] when there are none yet. */
  read(lane: Lane, after: number, limit: number): Promise<readonly Entry[]>;
  /** How many entries behind `after` can be read now. Sequences rise, but not by one: they are never subtracted. */
  waiting(lane: Lane, after: number): number;
  /** Called when more can be read; a reader that found nothing waits for this. */
  onAppended(listener: (lane: Lane) => void): void;
  /**
   * What lies at or before `through` this reader needs no more, it goes from memory. What lies at or before `safe` is
   * applied by all readers and durable in the store: the journal may forget it, and does when it is the one of the
   * centre that leads. Who reads alone gives one number.
   */
  trim(lane: Lane, through: number, safe?: number): Promise<void>;
  /**
   * NATS alone: reading begins anew behind `after`, also when what lies there was trimmed from memory. Beyond what the
   * server still has, reading meets the damage.
   */
  rewind?(lane: Lane, after: number): void;
  /** What lay at or before it was applied and trimmed, or in a journal that is no more. */
  beginning?(lane: Lane): number;
  /** Of the last entry that is durable, whether it can be read already or is still on its way here. */
  lastSequence(lane: Lane): number;
  /** Segment files alone: none is deleted until the returned function is called, somebody copies them. */
  hold?(): () => void;
  close(): Promise<void>;
};

/** All that a way in for reports needs of it. */
export type JournalWriter = Pick<Journal, 'append'>;
