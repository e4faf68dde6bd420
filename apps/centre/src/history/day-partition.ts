import type { Step } from '../store/store.ts';

const DAY_MS = 86_400_000;

export type PartitionRange = { readonly name: string; readonly from: number; readonly to: number };

const two = (value: number): string => String(value).padStart(2, '0');

/** The UTC day of an instant as a partition: `telemetry_20261122`. */
export function dayPartition(table: string, at: number): PartitionRange {
  const from = Math.floor(at / DAY_MS) * DAY_MS;
  const date = new Date(from);
  const name = `${table}_${date.getUTCFullYear()}${two(date.getUTCMonth() + 1)}${two(date.getUTCDate())}`;
  return { name, from, to: from + DAY_MS };
}

/** The UTC month of an instant as a partition: `telemetry_quarter_202611`. */
export function monthPartition(table: string, at: number): PartitionRange {
  const date = new Date(at);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return { name: `${table}_${year}${two(month + 1)}`, from: Date.UTC(year, month), to: Date.UTC(year, month + 1) };
}

/** Makes a partition unless it is there. */
export const partitionStep = (table: string, { name, from, to }: PartitionRange): Step => ({
  kind: 'sql',
  sql: 'select history_partition($1, $2, $3::int8, $4::int8)',
  params: [table, name, from, to],
});
