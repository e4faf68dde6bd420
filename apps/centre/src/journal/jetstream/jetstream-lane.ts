import { JetStreamApiError } from '@nats-io/jetstream';
import type { Entry, Lane, NewEntry } from '../entry.ts';
import type { JournalLane } from './lane-journal.ts';
import { LaneReader, type LaneReaderOptions } from './lane-reader.ts';
import { appendedSubject, laneNames, type LedStream } from './lane-stream.ts';
import { lastSequenceOf, wholeMessagesThrough } from './message-sequence.ts';
import type { NatsLink } from './nats-link.ts';
import { PackedWriter, type PackedWriterOptions } from './packed-writer.ts';

export type JetStreamLaneOptions = {
  readonly link: NatsLink;
  readonly prefix: string;
  readonly lane: Lane;
  readonly stream: LedStream;
  /** What the store has applied of this lane. */
  readonly applied: number;
  /** Another centre has appended: may this process go on? Asked before it does. */
  readonly mayAppend: () => Promise<boolean>;
  readonly onReadable: () => void;
  readonly onTrouble: (of: 'write' | 'read', reason: string | undefined) => void;
} & Pick<LaneReaderOptions, 'readAheadBytes' | 'retryMs' | 'lookEveryMs'> &
  Pick<PackedWriterOptions, 'messageBytes' | 'maxBacklogEntries'>;

const WRONG_LAST_SEQUENCE = 10071;
const TRIM_EVERY_MS = 1_000;
/** Messages of gateways on the bulk lane that are kept for the sake of the centre's own newest one. */
const MOST_KEPT = 1_000;

/**
 * One lane on its stream, as the centre that leads has it. One message is on its way at a time and names the message of
 * its own subject that it expects to follow: the server refuses it when another one came between, so that a publish whose
 * answer was lost is looked up, not doubled, however much later it is sent again; and a centre that was paused while
 * another took over is told. Gateways and workers append under a subject of their own, and come between as they like.
 */
export class JetStreamLane implements JournalLane {
  readonly #options: JetStreamLaneOptions;
  readonly #reader: LaneReader;
  readonly #writer: PackedWriter;
  /** The newest message of the centres' subject; 0 when the stream holds none. */
  #own: number;
  #trimmed: number;
  #trimTimer: NodeJS.Timeout | undefined;

  constructor(options: JetStreamLaneOptions) {
    const { stream, applied, onTrouble } = options;
    this.#options = options;
    this.#own = stream.ownMessage;
    this.#trimmed = wholeMessagesThrough(applied);
    this.#reader = new LaneReader({
      ...options,
      startAfter: applied,
      isWriting: () => this.#writer.isWriting,
      onTrouble: (reason) => onTrouble('read', reason),
    });
    this.#writer = new PackedWriter({
      ...options,
      publish: (id, body) => this.#publish(id, body),
      onWritten: (message, entries) => this.#reader.offer(message, entries),
      onTrouble: (reason) => onTrouble('write', reason),
    });
  }

  get lastSequence(): number {
    return this.#reader.lastSequence;
  }

  start(): void {
    const { prefix, lane } = this.#options;
    this.#reader.start([laneNames(prefix, lane).gatewaySubject], appendedSubject(prefix, lane));
  }

  append(entries: readonly NewEntry[]): Promise<readonly number[]> {
    return this.#writer.append(entries);
  }

  read(after: number, limit: number): readonly Entry[] {
    return this.#reader.read(after, limit);
  }

  waiting(after: number): number {
    return this.#reader.waiting(after);
  }

  trim(through: number, safe: number): void {
    this.#reader.forget(through);
    const whole = wholeMessagesThrough(safe);
    this.#writer.release(whole);
    if (whole > this.#trimmed) this.#trimLater(whole);
  }

  get beginning(): number {
    return lastSequenceOf(this.#options.stream.base);
  }

  rewind(after: number): void {
    this.#reader.rewind(after);
  }

  async close(): Promise<void> {
    this.#writer.forsake();
    clearTimeout(this.#trimTimer);
    await this.#reader.close();
    await this.#writer.close();
  }

  async #publish(id: string, body: Uint8Array): Promise<number | undefined> {
    const { link, prefix, lane, stream } = this.#options;
    const message = (await this.#publishOnce(id, body)) ?? (await this.#lookUp(id));
    // Workers have heard it as it passed by, and wait for its number.
    if (message !== undefined) link.connection.publish(appendedSubject(prefix, lane), `${message - stream.base} ${id}`);
    return message;
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
    this.#reader.learn(this.#own);
    return newest?.header.get('Nats-Msg-Id') === id ? this.#own : undefined;
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
}
