import { randomUUID } from 'node:crypto';
import { TimeoutError } from '@nats-io/transport-node';
import { Pause } from '../../platform/pause.ts';
import type { Entry, Lane, NewEntry } from '../entry.ts';
import { encodeRecord } from '../record-codec.ts';
import { ENTRIES_PER_MESSAGE, sequenceOf } from './message-sequence.ts';
import { REQUEST_TIMEOUT_MS } from './nats-link.ts';

export type PackedWriterOptions = {
  readonly lane: Lane;
  /** A message is closed at this size, 256 KiB unless said otherwise; a single entry may be larger. */
  readonly messageBytes?: number;
  readonly maxBacklogEntries?: number;
  readonly retryMs?: number;
  /** Before each message so much time is given to others that may share it, unless it is full; default none. */
  readonly gatherMs?: number | undefined;
  /**
   * Hands one message to the server; gives back its number once it is durable, undefined when it has to be sent again at
   * once. Rejects when the server is away: the same message, with the same id, is sent again later.
   */
  readonly publish: (id: string, body: Uint8Array) => Promise<number | undefined>;
  /** A message is durable; called before those who wait are told. */
  readonly onWritten: (message: number, entries: readonly Entry[]) => void;
  readonly onTrouble: (reason: string | undefined) => void;
};

/** One entry on its way, and who waits for it. */
type Waiting = {
  readonly entry: NewEntry;
  readonly record: Uint8Array;
  readonly append: Append;
  readonly index: number;
};

type Append = {
  readonly sequences: number[];
  left: number;
  readonly resolve: (sequences: readonly number[]) => void;
  readonly reject: (error: Error) => void;
};

const DEFAULTS = { messageBytes: 256 * 1024, maxBacklogEntries: 500_000, retryMs: 500 };
/** About 64 KiB of telemetry: to wait for more would gain nothing. */
const FULL_ENTRIES = 128;

const closedError = (): Error => new Error('journal is closed');

/**
 * Appends to one lane of a stream: what comes while a message is on its way is the next one. One message is on its way at
 * a time, so that order holds; it is sent until the server has it. Whoever appends is held back while too much of what
 * was written before has not been applied.
 */
export class PackedWriter {
  readonly #options: PackedWriterOptions & typeof DEFAULTS;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  /** Messages of this process that were not released, with the number of their entries. */
  #unreleased: { readonly message: number; readonly count: number }[] = [];
  #backlog = 0;
  #trouble: string | undefined;
  #closed = false;
  readonly #pause = new Pause();

  constructor(options: PackedWriterOptions) {
    this.#options = { ...DEFAULTS, ...options };
  }

  get isWriting(): boolean {
    return this.#writing !== undefined;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Entries written and not released, and those that wait to be written. */
  get backlog(): number {
    return this.#backlog + this.#waiting.length;
  }

  append(entries: readonly NewEntry[]): Promise<readonly number[]> {
    if (this.#closed) return Promise.reject(closedError());
    if (entries.length === 0) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      const append: Append = { sequences: [], left: entries.length, resolve, reject };
      let encoded: Waiting[];
      try {
        encoded = entries.map((entry, index) => ({ entry, record: encodeRecord(entry, 0), append, index }));
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
        return;
      }
      for (const waiting of encoded) this.#waiting.push(waiting);
      this.#writeOn();
    });
  }

  /** Everything at or before this message has been applied. */
  release(wholeThrough: number): void {
    let drop = 0;
    while (drop < this.#unreleased.length && (this.#unreleased[drop] as { message: number }).message <= wholeThrough)
      this.#backlog -= (this.#unreleased[drop++] as { count: number }).count;
    if (drop > 0) this.#unreleased.splice(0, drop);
    this.#pause.end();
  }

  /** Resolves when what was appended before is durable, or the writer is closed. */
  async drained(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
  }

  /** Nothing is sent any more: who waits is refused. */
  forsake(): void {
    this.#closed = true;
    this.#pause.end();
    this.#forsake(this.#waiting);
  }

  async close(): Promise<void> {
    this.forsake();
    await this.#writing;
  }

  #writeOn(): void {
    if (this.#writing !== undefined || this.#waiting.length === 0) return;
    this.#writing = this.#writeAll().finally(() => {
      this.#writing = undefined;
      // Between the last look and this line somebody may have come.
      this.#writeOn();
    });
  }

  async #writeAll(): Promise<void> {
    // One turn of the event loop lets everything that arrived in the same read become one message.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const { gatherMs = 0 } = this.#options;
      if (gatherMs > 0 && this.#waiting.length < FULL_ENTRIES)
        await new Promise((resolve) => setTimeout(resolve, gatherMs));
      while (!this.#closed && this.#backlog > this.#options.maxBacklogEntries)
        await this.#pause.wait(this.#options.retryMs);
      const batch = this.#nextBatch();
      if (batch.length === 0) return;
      const message = await this.#publishDurably(Buffer.concat(batch.map(({ record }) => record)));
      if (message === undefined) {
        this.#forsake(batch);
        this.#forsake(this.#waiting);
        return;
      }
      this.#written(message, batch);
    }
  }

  #forsake(waiting: readonly Waiting[]): void {
    for (const append of new Set(waiting.map((one) => one.append))) append.reject(closedError());
    if (waiting === this.#waiting) this.#waiting = [];
  }

  #nextBatch(): readonly Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { record } of this.#waiting) {
      bytes += record.byteLength;
      if (count === ENTRIES_PER_MESSAGE || (count > 0 && bytes > this.#options.messageBytes)) break;
      count++;
    }
    return this.#waiting.splice(0, count);
  }

  #written(message: number, batch: readonly Waiting[]): void {
    const { lane, onWritten } = this.#options;
    const entries = batch.map(({ entry }, index) => ({
      ...entry,
      lane,
      sequence: sequenceOf(message, index, batch.length),
    }));
    this.#unreleased.push({ message, count: batch.length });
    this.#backlog += batch.length;
    onWritten(message, entries);
    for (const [at, { append, index }] of batch.entries()) {
      append.sequences[index] = (entries[at] as Entry).sequence;
      if (--append.left === 0) append.resolve(append.sequences);
    }
  }

  /** The number of the message once the server has it; undefined only when closed meanwhile. */
  async #publishDurably(body: Uint8Array): Promise<number | undefined> {
    const { publish, retryMs } = this.#options;
    const id = randomUUID();
    while (!this.#closed) {
      try {
        const message = await publish(id, body);
        if (message === undefined) continue;
        this.#setTrouble(undefined);
        return message;
      } catch (error) {
        if (this.#closed) break;
        const reason = error instanceof Error ? error.message : String(error);
        const isAway = error instanceof TimeoutError;
        this.#setTrouble(isAway ? `NATS did not answer within ${REQUEST_TIMEOUT_MS / 1_000} s` : `NATS: ${reason}`);
        await this.#pause.wait(retryMs);
      }
    }
    return undefined;
  }

  #setTrouble(reason: string | undefined): void {
    if (reason === this.#trouble) return;
    this.#trouble = reason;
    this.#options.onTrouble(reason);
  }
}
