import { Pause } from '../../platform/pause.ts';
import type { Entry } from '../entry.ts';

/** What a message became, or that the server has it no more. */
export type Fetched = readonly Entry[] | 'gone';

export type ReadAheadOptions = {
  /** What was applied before: nothing at or before it is read. */
  readonly startAfter: number;
  /** The newest message that is applied as a whole; reading begins behind it. */
  readonly tail: number;
  /** Beyond this nothing more is fetched. */
  readonly maxBytes: number;
  readonly fetch: (message: number) => Promise<Fetched>;
  readonly onReadable: () => void;
  readonly onTrouble: (reason: string | undefined) => void;
  readonly retryMs: number;
};

/** Messages asked for at the same time. */
const FETCH_TOGETHER = 32;
/** Several write into one stream, and what they tell of it comes in another order; more than this is a hole. */
const MOST_EARLY = 64;

/**
 * Entries of one lane in memory, in order and without a hole, for the worker to read. What this process appends is
 * taken as it is; what others appended, or what memory had no room for, is fetched from the server.
 */
export class ReadAhead {
  readonly #options: ReadAheadOptions;
  #startAfter: number;
  #entries: Entry[] = [];
  /** Messages that came before one that lies in front of them. */
  readonly #early = new Map<number, readonly Entry[]>();
  #bytes = 0;
  #tail: number;
  #known: number;
  #fetching: Promise<void> | undefined;
  #damage: Error | undefined;
  #closed = false;
  readonly #pause = new Pause();

  constructor(options: ReadAheadOptions) {
    this.#options = options;
    this.#startAfter = options.startAfter;
    this.#tail = options.tail;
    this.#known = options.tail;
  }

  /** The newest message known to be durable. */
  get known(): number {
    return this.#known;
  }

  /** A message that is known to be durable, and need not be fetched. */
  offer(message: number, entries: readonly Entry[]): void {
    this.#known = Math.max(this.#known, message);
    if (message <= this.#tail) return;
    const hasRoom = this.#bytes < this.#options.maxBytes && this.#early.size < MOST_EARLY;
    if (hasRoom) this.#early.set(message, entries);
    // Whoever fetches at the moment finds it here.
    if (this.#fetching === undefined && this.#takeEarly()) this.#options.onReadable();
    this.#fetchOn();
  }

  /** The server has messages up to this one. */
  learn(message: number): void {
    this.#known = Math.max(this.#known, message);
    this.#fetchOn();
  }

  read(after: number, limit: number): readonly Entry[] {
    const from = this.#indexAfter(after);
    if (from === this.#entries.length && this.#damage !== undefined) throw this.#damage;
    return this.#entries.slice(from, from + limit);
  }

  /** A damage counts as something to read: the reader shall meet it. */
  waiting(after: number): number {
    const count = this.#entries.length - this.#indexAfter(after);
    return count === 0 && this.#damage !== undefined ? 1 : count;
  }

  /**
   * Reading begins anew behind `after`, also when what lies there was forgotten. `tail`: the newest message that lies
   * at or before it as a whole.
   */
  rewind(after: number, tail: number): void {
    this.#startAfter = after;
    this.#tail = tail;
    this.#entries = [];
    this.#bytes = 0;
    this.#damage = undefined;
    this.#early.clear();
    this.#fetchOn();
  }

  /** Nothing more can be read; the reader is told why when he has read what is here. */
  fail(damage: Error): void {
    this.#damage = damage;
    this.#options.onReadable();
  }

  /** What lies at or before `through` is not read again, unless the reading is rewound. */
  forget(through: number): void {
    const drop = this.#indexAfter(through);
    for (let at = 0; at < drop; at++) this.#bytes -= sizeOf(this.#entries[at] as Entry);
    if (drop > 0) this.#entries.splice(0, drop);
    this.#fetchOn();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#pause.end();
    await this.#fetching;
  }

  #indexAfter(after: number): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#entries[middle] as Entry).sequence <= after) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #take(message: number, entries: readonly Entry[]): void {
    this.#tail = message;
    for (const entry of entries) {
      if (entry.sequence <= this.#startAfter) continue;
      this.#entries.push(entry);
      this.#bytes += sizeOf(entry);
    }
  }

  /** Those that lie next; false when there are none. */
  #takeEarly(): boolean {
    let hasTaken = false;
    for (;;) {
      const next = this.#tail + 1;
      const entries = this.#early.get(next);
      if (entries === undefined || !this.#canFetch()) return hasTaken;
      this.#early.delete(next);
      this.#take(next, entries);
      hasTaken = true;
    }
  }

  #fetchOn(): void {
    if (this.#fetching !== undefined || !this.#canFetch()) return;
    this.#fetching = this.#fetchAll().finally(() => {
      this.#fetching = undefined;
      this.#fetchOn();
    });
  }

  #canFetch(): boolean {
    const { maxBytes } = this.#options;
    return !this.#closed && this.#damage === undefined && this.#tail < this.#known && this.#bytes < maxBytes;
  }

  async #fetchAll(): Promise<void> {
    const { fetch, onTrouble, onReadable, retryMs } = this.#options;
    let isTroubled = false;
    while (this.#canFetch()) {
      const count = Math.min(FETCH_TOGETHER, this.#known - this.#tail);
      const wanted = Array.from({ length: count }, (_, index) => this.#tail + 1 + index);
      try {
        const fetched = await Promise.all(
          wanted.map(async (message) => this.#early.get(message) ?? (await fetch(message))),
        );
        // Rewound or failed meanwhile: these are not the next ones any more.
        if (this.#damage !== undefined || this.#tail + 1 !== wanted[0]) continue;
        for (const [index, found] of fetched.entries()) {
          const message = wanted[index] as number;
          this.#early.delete(message);
          if (found !== 'gone') {
            this.#take(message, found);
            continue;
          }
          const lost = `the server has no message ${message} of ${this.#known}: entries that were not applied are lost`;
          this.#damage = new Error(lost);
          break;
        }
        if (isTroubled) onTrouble(undefined);
        isTroubled = false;
        onReadable();
      } catch (error) {
        if (this.#closed) return;
        isTroubled = true;
        onTrouble(error instanceof Error ? error.message : String(error));
        await this.#pause.wait(retryMs);
      }
    }
  }
}

const sizeOf = (entry: Entry): number => 256 + (entry.payload?.byteLength ?? 0);
