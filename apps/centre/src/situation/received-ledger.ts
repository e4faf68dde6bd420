import { isWithin } from '../platform/clock.ts';

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

const NEWEST_DIGESTS = 4096;
const WITHOUT_SEQ_WINDOW_MS = 60_000;
/** A device that sends without seq faster than this loses only duplicate detection, not reports. */
const WITHOUT_SEQ_LIMIT = 4096;
/** A device that invents a new epoch per report must not grow the memory for ever; the store keeps them all. */
const EPOCHS_IN_MEMORY = 16;

/** Different bodies under one number that are told apart; a counter that stands still makes more of them. */
const BODIES_PER_SEQ = 16;

/** Digests of a number: nearly always one, separated by spaces when it was used for several bodies. */
type EpochLedger = { intervals: Intervals; readonly digests: Map<number, string> };

export type Verdict = 'new' | 'duplicate' | 'conflict' | 'compareWithStored';

/** What one device has sent, by (epoch, seq); saved with the checkpoint, so that a resend is never applied twice. */
export class ReceivedLedger {
  readonly #epochs = new Map<string, EpochLedger>();
  readonly #withoutSeq = new Map<string, number>();
  /** The store knows epochs of this device that are not in memory. */
  #hasForgotten = false;

  restore(epoch: string, intervals: Intervals): void {
    this.#remember(epoch, { intervals, digests: new Map() });
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
    const known = ledger.digests.get(seq);
    if (known === undefined) return 'compareWithStored';
    return known === digest || known.split(' ').includes(digest) ? 'duplicate' : 'conflict';
  }

  record(epoch: string, seq: number, digest: string): void {
    const ledger = this.#epochs.get(epoch) ?? { intervals: [], digests: new Map<number, string>() };
    ledger.intervals = add(ledger.intervals, seq);
    const known = ledger.digests.get(seq)?.split(' ') ?? [];
    ledger.digests.delete(seq);
    ledger.digests.set(seq, [...known, digest].slice(-BODIES_PER_SEQ).join(' '));
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
   * Keeps the newest 4,096 digests per epoch and the newest 16 epochs. Called between batches, never within one: what
   * a batch was checked against must still be there when it is applied.
   */
  forgetOld(): void {
    for (const { digests } of this.#epochs.values()) {
      for (const seq of digests.keys()) {
        if (digests.size <= NEWEST_DIGESTS) break;
        digests.delete(seq);
      }
    }
    for (const epoch of this.#epochs.keys()) {
      if (this.#epochs.size <= EPOCHS_IN_MEMORY) break;
      this.#epochs.delete(epoch);
      this.#hasForgotten = true;
    }
  }

  #remember(epoch: string, ledger: EpochLedger): void {
    this.#epochs.delete(epoch);
    this.#epochs.set(epoch, ledger);
  }
}
