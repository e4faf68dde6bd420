import { JetStreamApiError } from '@nats-io/jetstream';
import type { Entry, Lane, NewEntry } from '../entry.ts';
import { HeardMessages } from './heard-messages.ts';
import type { LaneStream } from './lane-stream.ts';
import { lastSequenceOf, wholeMessagesThrough } from './message-sequence.ts';
import type { NatsLink } from './nats-link.ts';
import { unpackMessage } from './packed-message.ts';
import { PackedWriter } from './packed-writer.ts';
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
  /** Another centre has appended: may this process go on? Asked before it does. */
  readonly mayAppend: () => Promise<boolean>;
  readonly onReadable: () => void;
  readonly onHeld: (reason: string | undefined) => void;
};

const WRONG_LAST_SEQUENCE = 10071;
const TRIM_EVERY_MS = 1_000;
/** Each gateway has one message on its way at a time. */
const HEARD_BYTES = 8 * 1024 * 1024;
/** Messages of gateways on the bulk lane that are kept for the sake of the centre's own newest one. */
const MOST_KEPT = 1_000;

/**
 * One lane on its stream, as the centre that leads has it. One message is on its way at a time and names the message of
 * its own subject that it expects to follow: the server refuses it when another one came between, so that a publish whose
 * answer was lost is looked up, not doubled, however much later it is sent again; and a centre that was paused while
 * another took over is told. Gateways append under a subject of their own, and come between as they like.
 */
export class JetStreamLane {
  readonly #options: JetStreamLaneOptions;
  readonly #readAhead: ReadAhead;
  readonly #writer: PackedWriter;
  readonly #heard = new HeardMessages(HEARD_BYTES);
  /** The newest message of the centres' subject; 0 when the stream holds none. */
  #own: number;
  #lastSequence: number;
  #trimmed: number;
  #trimTimer: NodeJS.Timeout | undefined;
  #lookTimer: NodeJS.Timeout | undefined;
  #writeTrouble: string | undefined;
  #readTrouble: string | undefined;
  #said: string | undefined;

  constructor(options: JetStreamLaneOptions) {
    const { stream, applied, readAheadBytes, onReadable, retryMs } = options;
    this.#options = options;
    this.#own = stream.ownMessage;
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
    this.#writer = new PackedWriter({
      ...options,
      publish: async (id, body) => (await this.#publishOnce(id, body)) ?? (await this.#lookUp(id)),
      onWritten: (message, entries) => {
        this.#lastSequence = Math.max(this.#lastSequence, lastSequenceOf(message));
        this.#readAhead.offer(message, entries);
      },
      onTrouble: (reason) => {
        this.#writeTrouble = reason;
        this.#sayTrouble();
      },
    });
  }

  get lastSequence(): number {
    return this.#lastSequence;
  }

  start(): void {
    this.#readAhead.learn(this.#options.stream.lastMessage);
    this.#lookLater();
  }

  append(entries: readonly NewEntry[]): Promise<readonly number[]> {
    return this.#writer.append(entries);
  }

  read(after: number, limit: number): readonly Entry[] {
    return this.#readAhead.read(after, limit);
  }

  waiting(after: number): number {
    return this.#readAhead.waiting(after);
  }

  /** A gateway's message on its way to the server. */
  hear(id: string, body: Uint8Array): void {
    this.#heard.hear(id, body);
  }

  /** A gateway has appended the message of that id; `seq` is the stream's own number. */
  learn(seq: number, id: string): void {
    const message = this.#options.stream.base + seq;
    const body = this.#heard.take(id);
    if (body === undefined) return this.#learn(message);
    this.#lastSequence = Math.max(this.#lastSequence, lastSequenceOf(message));
    this.#readAhead.offer(message, unpackMessage(body, this.#options.lane, message));
  }

  trim(through: number): void {
    this.#readAhead.forget(through);
    const whole = wholeMessagesThrough(through);
    this.#writer.release(whole);
    if (whole > this.#trimmed) this.#trimLater(whole);
  }

  async close(): Promise<void> {
    this.#writer.forsake();
    clearTimeout(this.#trimTimer);
    clearTimeout(this.#lookTimer);
    await this.#readAhead.close();
    await this.#writer.close();
  }

  #learn(message: number): void {
    this.#lastSequence = Math.max(this.#lastSequence, lastSequenceOf(message));
    this.#readAhead.learn(message);
  }

  /** undefined: another message of the same subject came between. */
  async #publishOnce(id: string, body: Uint8Array): Promise<number | undefined> {
    const { link, stream } = this.#options;
    const lastSubjectSequence = this.#own === 0 ? 0 : this.#own - stream.base;
    try {
      const expect = { streamName: stream.stream, lastSubjectSequence };
      const { seq } = await link.jetStream.publish(stream.subject, body, { msgID: id, expect, retries: 0 });
      this.#own = stream.base + seq;
      return this.#own;
    } catch (error) {
      if (error instanceof JetStreamApiError && error.code === WRONG_LAST_SEQUENCE) return undefined;
      throw error;
    }
  }

  /**
   * The newest message of our subject is another than we knew: our own, whose answer was lost, or one of another centre,
   * or none because it was trimmed. But for the first case (undefined) it is sent again behind it, by whoever may.
   */
  async #lookUp(id: string): Promise<number | undefined> {
    const { link, stream, mayAppend } = this.#options;
    if (!(await mayAppend())) {
      this.#writer.forsake();
      throw new Error('another centre has taken over');
    }
    const newest = await link.manager.streams.getMessage(stream.stream, { last_by_subj: stream.subject });
    this.#own = newest === null ? 0 : stream.base + newest.seq;
    // What another centre appended is read from the server.
    this.#learn(this.#own);
    return newest?.header.get('Nats-Msg-Id') === id ? this.#own : undefined;
  }

  async #fetch(message: number): Promise<readonly Entry[] | 'gone'> {
    const { link, stream, lane } = this.#options;
    const stored = await link.manager.streams.getMessage(stream.stream, { seq: message - stream.base });
    return stored === null ? 'gone' : unpackMessage(stored.data, lane, message);
  }

  /** What another centre appended is told by nobody, and a gateway's word may be lost: the server is asked now and then. */
  #lookLater(): void {
    if (this.#writer.isClosed) return;
    this.#lookTimer = setTimeout(() => {
      void this.#look().finally(() => this.#lookLater());
    }, this.#options.lookEveryMs);
  }

  async #look(): Promise<void> {
    const { link, stream } = this.#options;
    try {
      const { state } = await link.manager.streams.info(stream.stream);
      // What is on its way from here is offered by the writer; the server's word would have it fetched.
      if (this.#writer.isWriting || this.#writer.isClosed) return;
      const newest = stream.base + state.last_seq;
      if (newest > this.#readAhead.known) this.#learn(newest);
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
        .purge(stream.stream, { seq: Math.max(1, this.#keptFrom() - stream.base) })
        .catch(() => undefined);
    }, TRIM_EVERY_MS);
  }

  /**
   * The newest message of our own subject stays: without it a predecessor that expects none would not be refused. On the
   * bulk lane, where a centre may append nothing for days, it goes; what comes twice there is known to the ledger.
   */
  #keptFrom(): number {
    const { lane } = this.#options;
    if (this.#own === 0 || (lane === 'bulk' && this.#trimmed - this.#own > MOST_KEPT)) return this.#trimmed;
    return Math.min(this.#trimmed, this.#own);
  }

  #sayTrouble(): void {
    const trouble = this.#writeTrouble ?? this.#readTrouble;
    if (trouble === this.#said) return;
    this.#said = trouble;
    this.#options.onHeld(trouble);
  }
}
