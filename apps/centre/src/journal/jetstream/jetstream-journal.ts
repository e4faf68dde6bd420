import { lanes, type Lane } from '../entry.ts';
import type { Journal } from '../journal.ts';
import { journalOf } from './lane-journal.ts';
import { JetStreamLane, type JetStreamLaneOptions } from './jetstream-lane.ts';
import { openLaneStream } from './lane-stream.ts';
import { openNatsLink } from './nats-link.ts';
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
} & Pick<JetStreamLaneOptions, 'maxBacklogEntries' | 'retryMs' | 'lookEveryMs' | 'messageBytes' | 'readAheadBytes'>;

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
  const onState = (trouble: string | undefined): void => tell('link', trouble);
  const settings = { name: `fengsui journal ${prefix}`, onState, hearsItself: false };
  const link = await untilOpen(deadline, () => openNatsLink(url, settings));
  const lanesByName = new Map<Lane, JetStreamLane>();
  const listeners: ((lane: Lane) => void)[] = [];
  try {
    checkPayload(link);
    for (const lane of lanes) {
      const applied = startAfter[lane];
      // A cluster that has just started elects its leader first.
      const stream = await untilOpen(deadline, () => openLaneStream(link, { prefix, lane, applied, replicas, warn }));
      const opened = new JetStreamLane({
        mayAppend: () => Promise.resolve(true),
        ...options,
        link,
        lane,
        stream,
        applied,
        onReadable: () => {
          for (const listener of listeners) listener(lane);
        },
        onTrouble: (of, reason) => tell(`${lane} ${of}`, reason),
      });
      lanesByName.set(lane, opened);
      if (lane === 'alarm')
        info(`journal on NATS ${link.connection.info?.version ?? ''}: ${durabilityOf(stream.replicas)}`);
    }
  } catch (error) {
    await link.close();
    throw error;
  }
  for (const opened of lanesByName.values()) opened.start();
  return journalOf(link, lanesByName, (listener) => void listeners.push(listener));
}

const durabilityOf = (replicas: number): string =>
  replicas > 1
    ? `${replicas} replicas, what is acknowledged survives the loss of ${(replicas - 1) >> 1} of them`
    : 'one replica, what is acknowledged survives a kill; a power cut only with sync_interval: always (server 2.10 or newer)';
