import { lanes, type Lane } from '../entry.ts';
import type { JournalWriter } from '../journal.ts';
import { appendedSubject, baseOf, infoOf, laneNames } from './lane-stream.ts';
import { lastSequenceOf, wholeMessagesThrough } from './message-sequence.ts';
import { openNatsLink, type NatsLink } from './nats-link.ts';
import { checkPayload, checkPrefix, oneTrouble, untilOpen } from './open-journal.ts';
import { PackedWriter, type PackedWriterOptions } from './packed-writer.ts';

export type GatewayJournalOptions = {
  /** As of the journal of the centre that leads: the same streams. */
  readonly url: string;
  readonly prefix: string;
  readonly onHeld: (reason: string | undefined) => void;
  /** How long the streams may be missing; a centre that leads makes them. */
  readonly openTimeoutMs?: number;
  /** Asked while it waits. */
  readonly isStopping?: () => boolean;
} & Partial<Pick<PackedWriterOptions, 'maxBacklogEntries' | 'retryMs' | 'messageBytes'>>;

export type GatewayJournal = JournalWriter & {
  /** The centre that leads has applied this lane up to a sequence: what a gateway may have unapplied is bounded. */
  release(lane: Lane, applied: number): void;
  /** The stream's last sequence now: what was appended by anybody before the call lies at or before it. */
  endOf(lane: Lane): Promise<number>;
  /** Entries of this gateway that are not applied, as far as it was told. */
  readonly backlog: number;
  /** Resolves when what was appended before is durable. */
  drained(): Promise<void>;
  close(): Promise<void>;
};

/** A message costs the gateway, the server and the centre more than a report in it; an alarm waits for none. */
const BULK_GATHER_MS = 3;
const OPEN_TIMEOUT_MS = 60_000;

/**
 * The journal as a gateway has it: it appends beside others and reads nothing. A message whose answer was lost is sent
 * again under the same id, which the server knows for two minutes; after that it may lie in the stream twice, which the
 * ledger finds: what comes through a gateway is the word of a device, and that has an identity of its own.
 *
 * @throws Error when no server answers, or nobody has made the streams.
 */
export async function openGatewayJournal(options: GatewayJournalOptions): Promise<GatewayJournal> {
  const { url, prefix, onHeld, openTimeoutMs = OPEN_TIMEOUT_MS, isStopping } = options;
  checkPrefix(prefix);
  const tell = oneTrouble(onHeld);
  const deadline = performance.now() + openTimeoutMs;
  const link = await untilOpen(
    deadline,
    () => openNatsLink(url, { name: `fengsui gateway ${prefix}`, onState: (trouble) => tell('link', trouble) }),
    isStopping,
  );
  const writers = new Map<Lane, PackedWriter>();
  const bases = new Map<Lane, number>();
  try {
    checkPayload(link);
    for (const lane of lanes) {
      const base = await untilOpen(deadline, () => baseOfLane(link, prefix, lane), isStopping);
      bases.set(lane, base);
      writers.set(
        lane,
        writerOf(link, lane, base, options, (reason) => tell(lane, reason)),
      );
    }
  } catch (error) {
    await link.close();
    throw error;
  }
  const writerOfLane = (lane: Lane): PackedWriter => writers.get(lane) as PackedWriter;
  return {
    append: (lane, entries) => writerOfLane(lane).append(entries),
    release: (lane, applied) => writerOfLane(lane).release(wholeMessagesThrough(applied)),
    endOf: async (lane) => {
      const { state, config } = await link.manager.streams.info(laneNames(prefix, lane).stream);
      return lastSequenceOf(baseOf(config) + state.last_seq);
    },
    get backlog() {
      return [...writers.values()].reduce((sum, { backlog }) => sum + backlog, 0);
    },
    drained: async () => {
      for (const writer of writers.values()) await writer.drained();
    },
    close: async () => {
      // A request on its way would hold the close for as long as its time limit.
      const closing = [...writers.values()].map((writer) => writer.close());
      await link.close();
      await Promise.all(closing);
    },
  };
}

async function baseOfLane({ manager }: NatsLink, prefix: string, lane: Lane): Promise<number> {
  const { stream, gatewaySubject } = laneNames(prefix, lane);
  const info = await infoOf(manager, stream);
  if (info === undefined || !info.config.subjects.includes(gatewaySubject))
    throw new Error(`no stream ${stream} that gateways may append to: a centre with the role worker makes it`);
  return baseOf(info.config);
}

function writerOf(
  { jetStream, connection }: NatsLink,
  lane: Lane,
  base: number,
  { prefix, retryMs = 500, messageBytes = 256 * 1024, maxBacklogEntries = 500_000 }: GatewayJournalOptions,
  onTrouble: (reason: string | undefined) => void,
): PackedWriter {
  const { stream, gatewaySubject } = laneNames(prefix, lane);
  return new PackedWriter({
    lane,
    retryMs,
    gatherMs: lane === 'bulk' ? BULK_GATHER_MS : undefined,
    messageBytes,
    maxBacklogEntries,
    publish: async (id, body) => {
      const { seq } = await jetStream.publish(gatewaySubject, body, {
        msgID: id,
        expect: { streamName: stream },
        retries: 0,
      });
      connection.publish(appendedSubject(prefix, lane), `${seq} ${id}`);
      return base + seq;
    },
    onWritten: () => undefined,
    onTrouble,
  });
}
