import { lanes, type Lane } from '../journal/entry.ts';
import type { Journal } from '../journal/journal.ts';
import type { OwedFrame } from '../situation/gb-relay/relay-state.ts';
import type { Situation } from '../situation/situation.ts';
import type { Worker } from '../situation/worker.ts';
import type { Row, Store } from '../store/store.ts';

const APPLIED_WITHIN_MS = 60_000;
const OWED_WITHIN_MS = 15_000;

export type OwedRowsOptions = {
  readonly store: Store;
  readonly journal: Pick<Journal, 'lastSequence'>;
  readonly worker: Pick<Worker, 'reached'>;
  readonly situation: Pick<Situation, 'share'>;
};

/** The frames a relay owes, as rows: what does not fit into memory, and what a restart begins with. */
export class OwedRows {
  readonly #relayId: string;
  readonly #from: OwedRowsOptions;

  constructor(relayId: string, from: OwedRowsOptions) {
    this.#relayId = relayId;
    this.#from = from;
  }

  /** Resolves when everything journalled by now, in these lanes, is in the rows. */
  async untilApplied(of: readonly Lane[] = lanes, withinMs = APPLIED_WITHIN_MS): Promise<void> {
    const { journal, worker } = this.#from;
    await Promise.all(of.map((lane) => worker.reached(lane, journal.lastSequence(lane), withinMs)));
  }

  /**
   * Resolves when what has gone may be settled. The order of a lane sees to it where one process applies it; a worker
   * beside this one may be slower to owe a frame than this one is to settle it, and it would be owed for ever.
   */
  async untilOwed(): Promise<void> {
    if (this.#from.situation.share !== undefined) await this.untilApplied(lanes, OWED_WITHIN_MS);
  }

  async count(): Promise<number> {
    const sql = 'select count(*) as count from gb_relay_owed where relay_id = $1';
    const [row] = await this.#from.store.query(sql, [this.#relayId]);
    return row?.['count'] as number;
  }

  /** The first to go: fires, then by receipt. */
  first(limit: number): Promise<readonly OwedFrame[]> {
    return this.#read('', 'urgent desc, receipt_order', limit);
  }

  /** Of fires alone, by receipt. */
  fires(limit: number): Promise<readonly OwedFrame[]> {
    return this.#read('and urgent', 'receipt_order', limit);
  }

  async #read(which: string, by: string, limit: number): Promise<readonly OwedFrame[]> {
    const sql =
      'select receipt_order, device_id, urgent, received_at, frame from gb_relay_owed where relay_id = $1 ' +
      `${which} order by ${by} limit $2::int4`;
    const rows = await this.#from.store.query(sql, [this.#relayId, limit]);
    return rows.map((row) => this.#frameOf(row));
  }

  #frameOf(row: Row): OwedFrame {
    return {
      relayId: this.#relayId,
      deviceId: row['device_id'] as string,
      order: row['receipt_order'] as number,
      isUrgent: row['urgent'] as boolean,
      receivedAt: row['received_at'] as number,
      bytes: row['frame'] as Uint8Array,
    };
  }
}
