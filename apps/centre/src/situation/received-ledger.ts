import { isWithin } from '../platform/clock.ts';
import { NewestBodies } from './newest-bodies.ts';

/** Closed intervals of received seq, ascending, never adjacent: [from0, to0, from1, to1, …]. */
export type Intervals = readonly number[];

/** Index of the interval that holds `seq`, or -1. */
function indexOfInterval(intervals: Intervals, seq: number): number {
  for (let i = intervals.length - 2; i >= 0; i -= 2) {
    if (seq > (intervals[i + 1] as number)) return -1;
    if (seq >= (intervals[i] as number)) return i;
  }
  return -1;
}

export const contains = (intervals: Intervals, seq: number): boolean => indexOfInterval(intervals, seq) >= 0;

/** Adds one number; the common case, the next one, only moves the last bound. */
export function add(intervals: Intervals, seq: number): Intervals {
  const next = [...intervals];
  let i = next.length - 2;
  while (i >= 0 && (next[i] as number) > seq + 1) i -= 2;
  // Interval i is the last that begins at or before seq + 1.
  if (i >= 0 && seq >= (next[i] as number) - 1 && seq <= (next[i + 1] as number) + 1) {
    next[i] = Math.min(next[i] as number, seq);
    next[i + 1] = Math.max(next[i + 1] as number, seq);
    if (i >= 2 && (next[i - 1] as number) >= (next[i] as number) - 1) next.splice(i - 1, 2);
    return next;
  }
  next.splice(i + 2, 0, seq, seq);
  return next;
}

const WITHOUT_SEQ_WINDOW_MS = 60_000;
/** A device that sends without seq faster than this loses only duplicate detection, not reports. */
const WITHOUT_SEQ_LIMIT = 4096;
/** A device that invents a new epoch per report must not grow the memory for ever; the store keeps them all. */
const EPOCHS_IN_MEMORY = 16;

/** `compareWithStored`: the number is known, its body is not held in memory; without a stored row it is another body. */
export type Verdict = 'new' | 'duplicate' | 'compareWithStored';

type EpochLedger = { intervals: Intervals; readonly bodies: NewestBodies };

/** What one device has sent, by (epoch, seq); saved with the checkpoint, so that a resend is never applied twice. */
export class ReceivedLedger {
  readonly #epochs = new Map<string, EpochLedger>();
  readonly #withoutSeq = new Map<string, number>();
  /** The store knows epochs of this device that are not in memory. */
  #hasForgotten = false;

  restore(epoch: string, intervals: Intervals): void {
    this.#remember(epoch, { intervals, bodies: new NewestBodies() });
  }

  restoreWithoutSeq(digest: string, receivedAt: number): void {
    this.#withoutSeq.set(digest, receivedAt);
  }

  intervals(epoch: string): Intervals {
    return this.#epochs.get(epoch)?.intervals ?? [];
  }

  highest(epoch: string): number | undefined {
    return this.#epochs.get(epoch)?.intervals.at(-1);
  }

  judge(epoch: string, seq: number, digest: string): Verdict {
    const ledger = this.#epochs.get(epoch);
    if (ledger === undefined || !contains(ledger.intervals, seq)) return 'new';
    return ledger.bodies.has(seq, digest) ? 'duplicate' : 'compareWithStored';
  }

  record(epoch: string, seq: number, digest: string): void {
    const ledger = this.#epochs.get(epoch) ?? { intervals: [], bodies: new NewestBodies() };
    ledger.intervals = add(ledger.intervals, seq);
    ledger.bodies.add(seq, digest);
    this.#remember(epoch, ledger);
  }

  /** True when the same body came within the last 60 s. */
  seenWithoutSeq(digest: string, receivedAt: number): boolean {
    for (const [known, at] of this.#withoutSeq) {
      if (isWithin(receivedAt, at, WITHOUT_SEQ_WINDOW_MS) && this.#withoutSeq.size <= WITHOUT_SEQ_LIMIT) break;
      this.#withoutSeq.delete(known);
    }
    const at = this.#withoutSeq.get(digest);
    if (at !== undefined && isWithin(receivedAt, at, WITHOUT_SEQ_WINDOW_MS)) return true;
    this.#withoutSeq.delete(digest);
    this.#withoutSeq.set(digest, receivedAt);
    return false;
  }

  /** True when the epoch may be one that only the store knows. */
  mayBeForgotten(epoch: string): boolean {
    return this.#hasForgotten && !this.#epochs.has(epoch);
  }

  /**
   * Keeps the newest bodies per epoch and the newest 16 epochs. Called between batches, never within one: what a batch
   * was checked against must still be there when it is applied.
   */
  forgetOld(): void {
    for (const { bodies } of this.#epochs.values()) bodies.settle();
    for (const epoch of this.#epochs.keys()) {
      if (this.#epochs.size <= EPOCHS_IN_MEMORY) break;
      this.#epochs.delete(epoch);
      this.#hasForgotten = true;
    }
  }

  #remember(epoch: string, ledger: EpochLedger): void {
    // Most devices have one: nothing to put in order.
    if (this.#epochs.size === 1 && this.#epochs.has(epoch) && this.#epochs.get(epoch) === ledger) return;
    this.#epochs.delete(epoch);
    this.#epochs.set(epoch, ledger);
  }
}
