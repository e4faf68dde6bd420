import type { Entry, Lane, NewEntry } from '../entry.ts';
import type { Journal } from '../journal.ts';
import type { NatsLink } from './nats-link.ts';

/** One lane of a journal that reads and appends. */
export type JournalLane = {
  append(entries: readonly NewEntry[]): Promise<readonly number[]>;
  read(after: number, limit: number): readonly Entry[];
  waiting(after: number): number;
  trim(through: number, safe: number): void;
  rewind(after: number): void;
  readonly beginning: number;
  readonly lastSequence: number;
  close(): Promise<void>;
};

/** The journal whose lanes these are; it closes them, and the link. */
export function journalOf(
  link: NatsLink,
  lanesByName: ReadonlyMap<Lane, JournalLane>,
  onAppended: Journal['onAppended'],
): Journal {
  const laneOf = (lane: Lane): JournalLane => lanesByName.get(lane) as JournalLane;
  return {
    append: (lane, entries) => laneOf(lane).append(entries),
    read: async (lane, after, limit) => laneOf(lane).read(after, limit),
    waiting: (lane, after) => laneOf(lane).waiting(after),
    onAppended,
    trim: async (lane, through, safe = through) => laneOf(lane).trim(through, safe),
    rewind: (lane, after) => laneOf(lane).rewind(after),
    beginning: (lane) => laneOf(lane).beginning,
    lastSequence: (lane) => laneOf(lane).lastSequence,
    close: async () => {
      // A request on its way would hold the close for as long as its time limit.
      const closing = [...lanesByName.values()].map((lane) => lane.close());
      await link.close();
      await Promise.all(closing);
    },
  };
}
