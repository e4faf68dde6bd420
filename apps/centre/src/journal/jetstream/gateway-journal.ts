import type { Lane } from '../entry.ts';
import type { JournalWriter } from '../journal.ts';
import { gatewayWriter, type GatewayWriterOptions } from './gateway-writer.ts';
import { baseOf, laneNames } from './lane-stream.ts';
import { openMadeStreams, type MadeStreamsOptions } from './made-streams.ts';
import { lastSequenceOf, wholeMessagesThrough } from './message-sequence.ts';
import type { PackedWriter } from './packed-writer.ts';

export type GatewayJournalOptions = MadeStreamsOptions &
  Pick<GatewayWriterOptions, 'maxBacklogEntries' | 'retryMs' | 'messageBytes'>;

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

/**
 * The journal as a gateway has it: it appends beside others and reads nothing. What lies in the stream twice is found by
 * the ledger: what comes through a gateway is the word of a device, and that has an identity of its own.
 *
 * @throws Error when no server answers, or nobody has made the streams.
 */
export async function openGatewayJournal(options: GatewayJournalOptions): Promise<GatewayJournal> {
  const { link, streams, tell } = await openMadeStreams(options, 'gateway');
  const { prefix } = options;
  const writers = new Map<Lane, PackedWriter>();
  for (const [lane, { config }] of streams) {
    const onTrouble = (reason: string | undefined): void => tell(lane, reason);
    writers.set(
      lane,
      gatewayWriter(link, { ...options, lane, base: baseOf(config), onWritten: () => undefined, onTrouble }),
    );
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
