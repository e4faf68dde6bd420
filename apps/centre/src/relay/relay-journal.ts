import type { Lane, NewEntry, ReportMeta } from '../journal/entry.ts';
import type { Journal } from '../journal/journal.ts';
import type { RelayMeta } from '../journal/relay-meta.ts';
import type { Clock } from '../platform/clock.ts';

/** Frames named by one entry. */
const ORDERS_PER_ENTRY = 2_000;

/** Writes what became of frames that are passed on. */
export class RelayJournal {
  readonly #journal: Journal;
  readonly #clock: Clock;

  constructor(journal: Journal, clock: Clock) {
    this.#journal = journal;
    this.#clock = clock;
  }

  /** In the lane of the frames, behind them: a frame is owed before it is settled, whatever the lanes do. */
  async settled(kind: 'delivered' | 'setAside', relayId: string, lane: Lane, orders: readonly number[]): Promise<void> {
    for (let from = 0; from < orders.length; from += ORDERS_PER_ENTRY)
      await this.#append(lane, { kind, relayId, orders: orders.slice(from, from + ORDERS_PER_ENTRY) });
  }

  /** Nobody waits for it; while the journal is closing there is nobody left to tell. */
  note(relay: Exclude<RelayMeta, { kind: 'delivered' | 'setAside' }>): void {
    this.#append('alarm', relay).catch(() => undefined);
  }

  async #append(lane: Lane, relay: RelayMeta): Promise<void> {
    const receivedAt = this.#clock.now();
    const meta: ReportMeta = {
      deviceId: '',
      venueId: '',
      origin: 'live',
      receivedAt,
      channel: 'relay',
      live: false,
      relay,
    };
    const entry: NewEntry = { kind: 'report', partition: 0, appendedAt: receivedAt, meta };
    await this.#journal.append(lane, [entry]);
  }
}
