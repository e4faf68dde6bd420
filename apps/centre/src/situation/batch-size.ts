import type { Entry, Lane } from '../journal/entry.ts';

/** One transaction holds no more than this: an alarm that arrives meanwhile waits for one batch at most. */
export const BATCH_ENTRIES: Readonly<Record<Lane, number>> = { alarm: 500, bulk: 1_000 };
/** Who lags far does more at once, or the doors, which take their turn at every wait of a batch, leave him no time. */
const LAGGING_ENTRIES = 20_000;
const LAGGING_BATCH_ENTRIES = 4_000;
const BATCH_BYTES = 8 * 1024 * 1024;

/** How many entries are asked for when so many wait. */
export const batchEntries = (lane: Lane, waiting: number): number =>
  lane === 'bulk' && waiting >= LAGGING_ENTRIES ? LAGGING_BATCH_ENTRIES : BATCH_ENTRIES[lane];

/** The first entries that one transaction holds by their size, at least one. */
export function upToBatchBytes(entries: readonly Entry[]): readonly Entry[] {
  let bytes = 0;
  const end = entries.findIndex((entry, index) => (bytes += entry.payload?.byteLength ?? 0) > BATCH_BYTES && index > 0);
  return end < 0 ? entries : entries.slice(0, end);
}
