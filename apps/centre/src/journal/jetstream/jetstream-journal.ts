import { lanes, type Lane } from '../entry.ts';
import type { Journal } from '../journal.ts';
import { JetStreamLane, type JetStreamLaneOptions } from './jetstream-lane.ts';
import { appendedSubject, laneNames, openLaneStream } from './lane-stream.ts';
import { openNatsLink, type NatsLink } from './nats-link.ts';
import { checkPayload, checkPrefix, oneTrouble, untilOpen } from './open-journal.ts';

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
  /** Asked when another centre has appended, not when a gateway has; without it there is none. */
  readonly mayAppend?: () => Promise<boolean>;
} & Partial<
  Pick<JetStreamLaneOptions, 'maxBacklogEntries' | 'retryMs' | 'lookEveryMs' | 'messageBytes' | 'readAheadBytes'>
>;

const OPEN_TIMEOUT_MS = 30_000;

/**
 * Opens the journal on NATS JetStream (server ≥ 2.9), or makes its streams.
 *
 * @throws Error when no server answers within 30 s, is too old, or takes smaller messages than an entry may be.
 */
export async function openJetStreamJournal(options: JetStreamJournalOptions): Promise<Journal> {
  const { url, prefix, replicas, startAfter, warn, onHeld, info = () => undefined } = options;
  checkPrefix(prefix);
  const tell = oneTrouble(onHeld);
  const deadline = performance.now() + OPEN_TIMEOUT_MS;
  const link = await untilOpen(deadline, () =>
    openNatsLink(url, { name: `fengsui journal ${prefix}`, onState: (trouble) => tell('link', trouble) }),
  );
  const lanesByName = new Map<Lane, JetStreamLane>();
  const listeners: ((lane: Lane) => void)[] = [];
  try {
    checkPayload(link);
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
  for (const [lane, opened] of lanesByName) {
    opened.start();
    followGateways(link, prefix, lane, opened);
  }
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

/** What they append is heard on its way to the server, and taken once they say which number it got there. */
function followGateways({ connection }: NatsLink, prefix: string, lane: Lane, opened: JetStreamLane): void {
  connection.subscribe(laneNames(prefix, lane).gatewaySubject, {
    callback: (error, { data, headers }) => {
      const id = headers?.get('Nats-Msg-Id') ?? '';
      if (error === null && id !== '') opened.hear(id, data);
    },
  });
  connection.subscribe(appendedSubject(prefix, lane), {
    callback: (error, { data }) => {
      const [number = '', id = ''] = Buffer.from(data).toString('latin1').split(' ');
      const seq = Number(number);
      if (error === null && Number.isSafeInteger(seq) && seq > 0) opened.learn(seq, id);
    },
  });
}

const durabilityOf = (replicas: number): string =>
  replicas > 1
    ? `${replicas} replicas, what is acknowledged survives the loss of ${(replicas - 1) >> 1} of them`
    : 'one replica, what is acknowledged survives a kill; a power cut only with sync_interval: always (server 2.10 or newer)';
