import type { Lane } from '../journal/entry.ts';
import type { Store } from '../store/store.ts';
import { READ_COLUMNS, readRow, type TelemetryRow } from './telemetry-row.ts';

/** Entries read at once: each has one row, seldom more. */
const ENTRIES = 500;

export type ReadRows = {
  /** In the order of their entries. */
  readonly rows: readonly TelemetryRow[];
  /** All rows of entries up to this one have been read. */
  readonly through: number;
};

/** The next rows of one lane and journal partition after entry `after`, up to entry `end`, of all the tables. */
export async function readRows(
  store: Store,
  tables: readonly string[],
  { lane, partition, after, end }: { lane: Lane; partition: number; after: number; end: number },
): Promise<ReadRows> {
  const sign = lane === 'bulk' ? '' : '-';
  const entry = `${sign}lane_sequence`;
  const range = (from: string, to: string): string =>
    lane === 'bulk'
      ? `lane_sequence > ${from} and lane_sequence <= ${to}`
      : `lane_sequence < -${from} and lane_sequence >= -${to}`;
  // An entry is read whole or not at all: the last one of a full page decides where the page ends.
  const pages = tables.map(
    (table) =>
      `(select ${entry} as entry from ${table} where partition = $1 and lane_sequence <> 0 and ${range('$2::int8', '$3::int8')} ` +
      `order by ${entry} limit ${ENTRIES})`,
  );
  const found = await store.query(
    `select entry from (${pages.join(' union all ')}) e order by entry limit ${ENTRIES}`,
    [partition, after, end],
  );
  const through = found.length < ENTRIES ? end : (found.at(-1)?.['entry'] as number);
  if (found.length === 0) return { rows: [], through: end };
  const parts = tables.map(
    (table) =>
      `select ${READ_COLUMNS} from ${table} where partition = $1 and lane_sequence <> 0 and ${range('$2::int8', '$3::int8')}`,
  );
  const rows = await store.query(`select * from (${parts.join(' union all ')}) r order by ${entry}`, [
    partition,
    after,
    through,
  ]);
  return { rows: rows.map(readRow), through };
}
