import type { NatsConnection } from '@nats-io/transport-node';
import type { Entry, Lane } from '../entry.ts';
import { HeardMessages } from './heard-messages.ts';
import { baseOf, readBehind, type LaneStream } from './lane-stream.ts';
import { lastSequenceOf } from './message-sequence.ts';
import type { NatsLink } from './nats-link.ts';
import { unpackMessage } from './packed-message.ts';
import { ReadAhead } from './read-ahead.ts';

export type LaneReaderOptions = {
  readonly link: NatsLink;
  readonly lane: Lane;
  readonly stream: LaneStream;
  /** Nothing at or before it is read, unless the reading is rewound. */
  readonly startAfter: number;
  readonly readAheadBytes?: number;
  readonly retryMs?: number;
  /** How often the server is asked for what others appended; each second unless said otherwise. */
  readonly lookEveryMs?: number;
  /** A message of this process is on its way: it will be offered. */
  readonly isWriting: () => boolean;
  readonly onReadable: () => void;
  readonly onTrouble: (reason: string | undefined) => void;
};

/** Whoever appends beside others has one message on its way at a time. */
const HEARD_BYTES = 8 * 1024 * 1024;

/**
 * Reads one lane of the journal as a whole and in order. What this process appends is offered to it; what others append
 * is heard as it passes by, and known by its number once they say it; what was not heard is fetched from the server.
 */
export class LaneReader {
  readonly #options: LaneReaderOptions;
  readonly #readAhead: ReadAhead;
  readonly #heard = new HeardMessages(HEARD_BYTES);
  #lastSequence: number;
  #lookTimer: NodeJS.Timeout | undefined;
  #isEnded = false;

  constructor(options: LaneReaderOptions) {
    const { stream, startAfter, readAheadBytes = 32 * 1024 * 1024, onReadable, onTrouble, retryMs = 500 } = options;
    this.#options = options;
    this.#lastSequence = stream.lastSequence;
    this.#readAhead = new ReadAhead({
      startAfter,
      tail: readBehind(stream, startAfter),
      maxBytes: readAheadBytes,
      fetch: (message) => this.#fetch(message),
      onReadable,
      onTrouble,
      retryMs,
    });
  }

  get lastSequence(): number {
    return this.#lastSequence;
  }

  /** From now on also what lies in the stream is read; `subjects` are those under which others append. */
  start(subjects: readonly string[], appendedSubject: string): void {
    const { link, stream } = this.#options;
    this.#listen(link.connection, subjects, appendedSubject);
    this.#readAhead.learn(stream.lastMessage);
    this.#lookLater();
  }

  read(after: number, limit: number): readonly Entry[] {
    return this.#readAhead.read(after, limit);
  }

  waiting(after: number): number {
    return this.#readAhead.waiting(after);
  }

  /** A message of this process, which is durable. */
  offer(message: number, entries: readonly Entry[]): void {
    this.#isLast(message);
    this.#readAhead.offer(message, entries);
  }

  /** The stream has messages up to this one. */
  learn(message: number): void {
    this.#isLast(message);
    this.#readAhead.learn(message);
  }

  forget(through: number): void {
    this.#readAhead.forget(through);
  }

  rewind(after: number): void {
    if (!this.#isEnded) this.#readAhead.rewind(after, readBehind(this.#options.stream, after));
  }

  async close(): Promise<void> {
    this.#isEnded = true;
    clearTimeout(this.#lookTimer);
    await this.#readAhead.close();
  }

  #isLast(message: number): void {
    this.#lastSequence = Math.max(this.#lastSequence, lastSequenceOf(message));
  }

  /** What others append is heard on its way to the server, and taken once they say which number it got there. */
  #listen(connection: NatsConnection, subjects: readonly string[], appendedSubject: string): void {
    for (const subject of subjects) {
      connection.subscribe(subject, {
        callback: (error, { data, headers }) => {
          const id = headers?.get('Nats-Msg-Id') ?? '';
          if (error === null && id !== '') this.#heard.hear(id, data);
        },
      });
    }
    connection.subscribe(appendedSubject, {
      callback: (error, { data }) => {
        const [number = '', id = ''] = Buffer.from(data).toString('latin1').split(' ');
        const seq = Number(number);
        if (error === null && Number.isSafeInteger(seq) && seq > 0) this.#hearOf(seq, id);
      },
    });
  }

  /** `seq` is the stream's own number. */
  #hearOf(seq: number, id: string): void {
    const message = this.#options.stream.base + seq;
    const body = this.#heard.take(id);
    if (body === undefined) this.learn(message);
    else this.offer(message, unpackMessage(body, this.#options.lane, message));
  }

  async #fetch(message: number): Promise<readonly Entry[] | 'gone'> {
    const { link, stream, lane } = this.#options;
    // A stream that was made anew never had it.
    if (message <= stream.base) return 'gone';
    const stored = await link.manager.streams.getMessage(stream.stream, { seq: message - stream.base });
    return stored === null ? 'gone' : unpackMessage(stored.data, lane, message);
  }

  /** Who takes over says nothing of what was appended before, and a word may be lost: the server is asked now and then. */
  #lookLater(): void {
    if (this.#isEnded) return;
    const { lookEveryMs = 1_000 } = this.#options;
    this.#lookTimer = setTimeout(() => {
      void this.#look().finally(() => this.#lookLater());
    }, lookEveryMs);
  }

  async #look(): Promise<void> {
    const { link, stream, isWriting } = this.#options;
    try {
      const { state, config } = await link.manager.streams.info(stream.stream);
      if (this.#isEnded) return;
      if (baseOf(config) !== stream.base) return this.#end(`NATS stream ${stream.stream} was made anew`);
      // What is on its way from here is offered; the server's word would have it fetched.
      if (isWriting()) return;
      const newest = stream.base + state.last_seq;
      if (newest > this.#readAhead.known) this.learn(newest);
    } catch {
      // The link says that the server is away; the next look asks again.
    }
  }

  /** Its messages are numbered otherwise: what was read by the old numbers would be other entries. */
  #end(reason: string): void {
    this.#isEnded = true;
    this.#readAhead.fail(new Error(reason));
  }
}
