import { randomUUID } from 'node:crypto';
import { JetStreamApiError } from '@nats-io/jetstream';
import { TimeoutError } from '@nats-io/transport-node';
import { Pause } from '../../platform/pause.ts';
import type { Entry, Lane, NewEntry } from '../entry.ts';
import { encodeRecord } from '../record-codec.ts';
import type { LaneStream } from './lane-stream.ts';
import { ENTRIES_PER_MESSAGE, lastSequenceOf, sequenceOf, wholeMessagesThrough } from './message-sequence.ts';
import { REQUEST_TIMEOUT_MS, type NatsLink } from './nats-link.ts';
import { unpackMessage } from './packed-message.ts';
import { ReadAhead } from './read-ahead.ts';

export type JetStreamLaneOptions = {
  readonly link: NatsLink;
  readonly lane: Lane;
  readonly stream: LaneStream;
  /** What the store has applied of this lane. */
  readonly applied: number;
  /** A message is closed at this size; a single entry may be larger. */
  readonly messageBytes: number;
  readonly readAheadBytes: number;
  readonly maxBacklogEntries: number;
  readonly retryMs: number;
  /** How often the server is asked for what others appended. */
  readonly lookEveryMs: number;
  /** Somebody else has appended: may this process go on? Asked before it does. */
  readonly mayAppend: () => Promise<boolean>;
  readonly onReadable: () => void;
  readonly onHeld: (reason: string | undefined) => void;
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

const WRONG_LAST_SEQUENCE = 10071;
const TRIM_EVERY_MS = 1_000;

const closedError = (): Error => new Error('journal is closed');

/**
 * One lane on its stream. One message is on its way at a time and names the message it expects to follow: the server
 * refuses it when another one came between, so that a publish whose answer was lost is looked up, not doubled, however
 * much later it is sent again; and a centre that was paused while another took over is told.
 */
export class JetStreamLane {
  readonly #options: JetStreamLaneOptions;
  readonly #readAhead: ReadAhead;
  #last: number;
  #lastSequence: number;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  /** Messages of this process that are not trimmed, with the number of their entries. */
  #untrimmed: { readonly message: number; readonly count: number }[] = [];
  #backlog = 0;
  #trimmed: number;
  #trimTimer: NodeJS.Timeout | undefined;
  #lookTimer: NodeJS.Timeout | undefined;
  #writeTrouble: string | undefined;
  #readTrouble: string | undefined;
  #said: string | undefined;
  #closed = false;
  readonly #pause = new Pause();

  constructor(options: JetStreamLaneOptions) {
    const { stream, applied, readAheadBytes, onReadable, retryMs } = options;
    this.#options = options;
    this.#last = stream.lastMessage;
    this.#lastSequence = stream.lastSequence;
    this.#trimmed = wholeMessagesThrough(applied);
    this.#readAhead = new ReadAhead({
      startAfter: applied,
      tail: stream.readBehind,
      maxBytes: readAheadBytes,
      fetch: (message) => this.#fetch(message),
      onReadable,
      onTrouble: (reason) => {
        this.#readTrouble = reason;
        this.#sayTrouble();
      },
      retryMs,
    });
  }

  get lastSequence(): number {
    return this.#lastSequence;
  }

  start(): void {
    this.#readAhead.learn(this.#last);
    this.#lookLater();
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

  #writeOn(): void {
    if (this.#writing !== undefined || this.#waiting.length === 0) return;
    this.#writing = this.#writeAll().finally(() => {
      this.#writing = undefined;
      // Between the last look and this line somebody may have come.
      this.#writeOn();
    });
  }

  read(after: number, limit: number): readonly Entry[] {
    return this.#readAhead.read(after, limit);
  }

  waiting(after: number): number {
    return this.#readAhead.waiting(after);
  }

  trim(through: number): void {
    this.#readAhead.forget(through);
    const whole = wholeMessagesThrough(through);
    let drop = 0;
    while (drop < this.#untrimmed.length && (this.#untrimmed[drop] as { message: number }).message <= whole)
      this.#backlog -= (this.#untrimmed[drop++] as { count: number }).count;
    if (drop > 0) this.#untrimmed.splice(0, drop);
    this.#pause.end();
    if (whole > this.#trimmed) this.#trimLater(whole);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#trimTimer);
    clearTimeout(this.#lookTimer);
    this.#pause.end();
    this.#forsake(this.#waiting);
    await this.#readAhead.close();
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    // One turn of the event loop lets everything that arrived in the same read become one message.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
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
      this.#appended(message, batch);
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

  #appended(message: number, batch: readonly Waiting[]): void {
    const { lane } = this.#options;
    const entries = batch.map(({ entry }, index) => ({
      ...entry,
      lane,
      sequence: sequenceOf(message, index, batch.length),
    }));
    this.#lastSequence = Math.max(this.#lastSequence, lastSequenceOf(message));
    this.#untrimmed.push({ message, count: batch.length });
    this.#backlog += batch.length;
    this.#readAhead.offer(message, entries);
    for (const [at, { append, index }] of batch.entries()) {
      append.sequences[index] = (entries[at] as Entry).sequence;
      if (--append.left === 0) append.resolve(append.sequences);
    }
  }

  /** The number of the message once the server has it; undefined only when closed meanwhile. */
  async #publishDurably(body: Uint8Array): Promise<number | undefined> {
    const { retryMs } = this.#options;
    const id = randomUUID();
    while (!this.#closed) {
      try {
        const message = (await this.#publishOnce(id, body)) ?? (await this.#lookUp(id));
        if (message === undefined) continue;
        this.#setWriteTrouble(undefined);
        return message;
      } catch (error) {
        if (this.#closed) break;
        const reason = error instanceof Error ? error.message : String(error);
        const isAway = error instanceof TimeoutError;
        this.#setWriteTrouble(
          isAway ? `NATS did not answer within ${REQUEST_TIMEOUT_MS / 1_000} s` : `NATS: ${reason}`,
        );
        await this.#pause.wait(retryMs);
      }
    }
    return undefined;
  }

  /** undefined: another message came between. */
  async #publishOnce(id: string, body: Uint8Array): Promise<number | undefined> {
    const { link, stream } = this.#options;
    const expect = { streamName: stream.stream, lastSequence: this.#last - stream.base };
    try {
      const { seq } = await link.jetStream.publish(stream.subject, body, { msgID: id, expect, retries: 0 });
      const message = stream.base + seq;
      this.#last = Math.max(this.#last, message);
      return message;
    } catch (error) {
      if (error instanceof JetStreamApiError && error.code === WRONG_LAST_SEQUENCE) return undefined;
      throw error;
    }
  }

  /**
   * The server has more than we knew: our own message whose answer was lost, or one of another centre. In the second
   * case (undefined) it is sent again behind it, by whoever may.
   */
  async #lookUp(id: string): Promise<number | undefined> {
    const { link, stream, mayAppend } = this.#options;
    if (!(await mayAppend())) {
      this.#closed = true;
      throw new Error('another centre has taken over');
    }
    const { state } = await link.manager.streams.info(stream.stream);
    const newest = stream.base + state.last_seq;
    let found: number | undefined;
    for (let message = this.#last + 1; message <= newest && found === undefined && !this.#closed; message++) {
      const stored = await link.manager.streams.getMessage(stream.stream, { seq: message - stream.base });
      if (stored?.header.get('Nats-Msg-Id') === id) found = message;
    }
    this.#last = newest;
    this.#lastSequence = Math.max(this.#lastSequence, lastSequenceOf(newest));
    // What lies before and behind our own is another's: read from the server.
    this.#readAhead.learn(newest);
    return found;
  }

  async #fetch(message: number): Promise<readonly Entry[] | 'gone'> {
    const { link, stream, lane } = this.#options;
    const stored = await link.manager.streams.getMessage(stream.stream, { seq: message - stream.base });
    return stored === null ? 'gone' : unpackMessage(stored.data, lane, message);
  }

  /** What another centre appended is told by nobody: the server is asked now and then. */
  #lookLater(): void {
    if (this.#closed) return;
    this.#lookTimer = setTimeout(() => {
      void this.#look().finally(() => this.#lookLater());
    }, this.#options.lookEveryMs);
  }

  async #look(): Promise<void> {
    const { link, stream } = this.#options;
    if (this.#writing !== undefined) return;
    try {
      const { state } = await link.manager.streams.info(stream.stream);
      const newest = stream.base + state.last_seq;
      if (newest <= this.#readAhead.known || this.#closed) return;
      this.#lastSequence = Math.max(this.#lastSequence, lastSequenceOf(newest));
      this.#readAhead.learn(newest);
    } catch {
      // The link says that the server is away; the next look asks again.
    }
  }

  /** A second's worth together; the newest applied message stays, and carries the numbers through a restart. */
  #trimLater(message: number): void {
    this.#trimmed = message;
    this.#trimTimer ??= setTimeout(() => {
      this.#trimTimer = undefined;
      const { link, stream } = this.#options;
      // Only disk space is at stake: the next trim does it.
      link.manager.streams
        .purge(stream.stream, { seq: Math.max(1, this.#trimmed - stream.base) })
        .catch(() => undefined);
    }, TRIM_EVERY_MS);
  }

  #setWriteTrouble(reason: string | undefined): void {
    this.#writeTrouble = reason;
    this.#sayTrouble();
  }

  #sayTrouble(): void {
    const trouble = this.#writeTrouble ?? this.#readTrouble;
    if (trouble === this.#said) return;
    this.#said = trouble;
    this.#options.onHeld(trouble);
  }
}
