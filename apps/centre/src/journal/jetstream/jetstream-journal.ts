import { lanes, type Lane } from '../entry.ts';
import type { Journal } from '../journal.ts';
import { MAX_BODY_BYTES } from '../record-codec.ts';
import { JetStreamLane, type JetStreamLaneOptions } from './jetstream-lane.ts';
import { openLaneStream } from './lane-stream.ts';
import { openNatsLink } from './nats-link.ts';

export type JetStreamJournalOptions = {
  /** `nats://user:password@host:4222`, several separated by commas. */
  readonly url: string;
  /** Streams are named after it: several centres may share a NATS. */
  readonly prefix: string;
  /** Without it three on a cluster, else one. */
  readonly replicas?: number | undefined;
  /** What the store has applied of each lane. */
  readonly startAfter: Readonly<Record<Lane, number>>;
  readonly warn: (message: string) => void;
  readonly info?: (message: string) => void;
  /** NATS refuses or is away: said once per change; appending goes on trying. */
  readonly onHeld: (reason: string | undefined) => void;
  /** Asked when another centre has appended; without it there is none. */
  readonly mayAppend?: () => Promise<boolean>;
} & Partial<
  Pick<JetStreamLaneOptions, 'maxBacklogEntries' | 'retryMs' | 'lookEveryMs' | 'messageBytes' | 'readAheadBytes'>
>;

/** Room for a message's headers beside the largest entry. */
const HEADER_BYTES = 64 * 1024;
const OPEN_TIMEOUT_MS = 30_000;
const OPEN_RETRY_MS = 250;

/**
 * Opens the journal on NATS JetStream (server ≥ 2.9), or makes its streams.
 *
 * @throws Error when no server answers within 30 s, is too old, or takes smaller messages than an entry may be.
 */
export async function openJetStreamJournal(options: JetStreamJournalOptions): Promise<Journal> {
  const { url, prefix, replicas, startAfter, warn, onHeld, info = () => undefined } = options;
  // Part of a subject, where dots, spaces and wildcards have a meaning.
  if (!/^[A-Za-z0-9_-]{1,32}$/.test(prefix))
    throw new Error(`nats.stream is ${JSON.stringify(prefix)}, expected 1 to 32 letters, digits, _ or -`);
  const troubles = new Map<string, string>();
  let said: string | undefined;
  const tell = (from: string, reason: string | undefined): void => {
    if (reason === undefined) troubles.delete(from);
    else troubles.set(from, reason);
    const trouble = troubles.get('link') ?? [...troubles.values()][0];
    if (trouble === said) return;
    said = trouble;
    onHeld(trouble);
  };
  const deadline = performance.now() + OPEN_TIMEOUT_MS;
  const link = await untilOpen(deadline, () =>
    openNatsLink(url, { name: `fengsui journal ${prefix}`, onState: (trouble) => tell('link', trouble) }),
  );
  const lanesByName = new Map<Lane, JetStreamLane>();
  const listeners: ((lane: Lane) => void)[] = [];
  try {
    if (link.maxPayloadBytes < MAX_BODY_BYTES + HEADER_BYTES)
      throw new JournalRefusal(
        `NATS takes messages of ${link.maxPayloadBytes} bytes, the journal needs ${MAX_BODY_BYTES + HEADER_BYTES}: set max_payload: 8MB in its configuration`,
      );
    for (const lane of lanes) {
      const applied = startAfter[lane];
      // A cluster that has just started elects its leader first.
      const stream = await untilOpen(deadline, () => openLaneStream(link, { prefix, lane, applied, replicas, warn }));
      const opened = new JetStreamLane({
        messageBytes: 256 * 1024,
        readAheadBytes: 32 * 1024 * 1024,
        maxBacklogEntries: 500_000,
        retryMs: 500,
        lookEveryMs: 1_000,
        mayAppend: () => Promise.resolve(true),
        ...options,
        link,
        lane,
        stream,
        applied,
        onReadable: () => {
          for (const listener of listeners) listener(lane);
        },
        onHeld: (reason) => tell(lane, reason),
      });
      lanesByName.set(lane, opened);
      if (lane === 'alarm')
        info(`journal on NATS ${link.connection.info?.version ?? ''}: ${durabilityOf(stream.replicas)}`);
    }
  } catch (error) {
    await link.close();
    throw error;
  }
  for (const lane of lanesByName.values()) lane.start();
  const laneOf = (lane: Lane): JetStreamLane => lanesByName.get(lane) as JetStreamLane;
  return {
    append: (lane, entries) => laneOf(lane).append(entries),
    read: async (lane, after, limit) => laneOf(lane).read(after, limit),
    waiting: (lane, after) => laneOf(lane).waiting(after),
    onAppended: (listener) => void listeners.push(listener),
    trim: async (lane, through) => laneOf(lane).trim(through),
    lastSequence: (lane) => laneOf(lane).lastSequence,
    close: async () => {
      // A request on its way would hold the close for as long as its time limit.
      const closing = [...lanesByName.values()].map((lane) => lane.close());
      await link.close();
      await Promise.all(closing);
    },
  };
}

/** Trying again is of no use. */
class JournalRefusal extends Error {}

async function untilOpen<Result>(deadline: number, work: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof JournalRefusal || performance.now() > deadline) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new Error(`journal on NATS: ${reason}`, { cause: error });
      }
      await new Promise((resolve) => setTimeout(resolve, OPEN_RETRY_MS));
    }
  }
}

const durabilityOf = (replicas: number): string =>
  replicas > 1
    ? `${replicas} replicas, what is acknowledged survives the loss of ${(replicas - 1) >> 1} of them`
    : 'one replica, what is acknowledged survives a kill; a power cut only with sync_interval: always (server 2.10 or newer)';
