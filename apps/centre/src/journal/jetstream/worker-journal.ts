import type { Lane } from '../entry.ts';
import type { Journal } from '../journal.ts';
import { gatewayWriter, type GatewayWriterOptions } from './gateway-writer.ts';
import { journalOf, type JournalLane } from './lane-journal.ts';
import { LaneReader, type LaneReaderOptions } from './lane-reader.ts';
import { appendedSubject, laneNames, laneStreamOf, type LaneStream } from './lane-stream.ts';
import { openMadeStreams, type MadeStreams, type MadeStreamsOptions } from './made-streams.ts';
import { lastSequenceOf, wholeMessagesThrough } from './message-sequence.ts';

export type WorkerJournalOptions = MadeStreamsOptions & {
  /** Reading begins behind it. */
  readonly startAfter: Readonly<Record<Lane, number>>;
} & Pick<GatewayWriterOptions, 'maxBacklogEntries' | 'messageBytes'> &
  Pick<LaneReaderOptions, 'retryMs' | 'lookEveryMs' | 'readAheadBytes'>;

/**
 * The journal as a worker beside the centre that leads has it: it reads both lanes as a whole and in order, as the
 * leader does, and appends as a gateway does. It trims nothing on the server.
 *
 * @throws Error when no server answers, or nobody has made the streams.
 */
export async function openWorkerJournal(options: WorkerJournalOptions): Promise<Journal> {
  const made = await openMadeStreams(options, 'worker');
  const listeners: ((lane: Lane) => void)[] = [];
  const lanesByName = new Map<Lane, JournalLane>();
  for (const [lane, info] of made.streams) {
    const stream = laneStreamOf(info, options.startAfter[lane]);
    const onReadable = (): void => {
      for (const listener of listeners) listener(lane);
    };
    lanesByName.set(lane, workerLane(made, stream, lane, options, onReadable));
  }
  return journalOf(made.link, lanesByName, (listener) => void listeners.push(listener));
}

function workerLane(
  { link, tell }: MadeStreams,
  stream: LaneStream,
  lane: Lane,
  options: WorkerJournalOptions,
  onReadable: () => void,
): JournalLane {
  const writer = gatewayWriter(link, {
    ...options,
    lane,
    base: stream.base,
    onWritten: (message, entries) => reader.offer(message, entries),
    onTrouble: (reason) => tell(`${lane} write`, reason),
  });
  const reader = new LaneReader({
    ...options,
    link,
    lane,
    stream,
    startAfter: options.startAfter[lane],
    isWriting: () => writer.isWriting,
    onReadable,
    onTrouble: (reason) => tell(`${lane} read`, reason),
  });
  const { subject, gatewaySubject } = laneNames(options.prefix, lane);
  reader.start([subject, gatewaySubject], appendedSubject(options.prefix, lane));
  return {
    append: (entries) => writer.append(entries),
    read: (after, limit) => reader.read(after, limit),
    waiting: (after) => reader.waiting(after),
    trim: (through, safe) => {
      reader.forget(through);
      writer.release(wholeMessagesThrough(safe));
    },
    rewind: (after) => reader.rewind(after),
    beginning: lastSequenceOf(stream.base),
    get lastSequence() {
      return reader.lastSequence;
    },
    close: async () => {
      writer.forsake();
      await reader.close();
      await writer.close();
    },
  };
}
