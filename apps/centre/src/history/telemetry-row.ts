import { telemetryColumns } from '../situation/commit/report-steps.ts';
import type { CopyValue, Row } from '../store/store.ts';

/** What the roll-ups read of a row of the table `telemetry`. */
export type TelemetryRow = {
  readonly partition: number;
  readonly venueId: string;
  readonly origin: string;
  readonly deviceId: string;
  readonly model: string;
  readonly at: number;
  readonly values: readonly (number | null)[];
  /** n of the bulk lane, −n of the alarm lane, 0 = stored before there were roll-ups. */
  readonly laneSequence: number;
};

const place = (name: string): number => {
  const index = telemetryColumns.findIndex(([column]) => column === name);
  if (index < 0) throw new Error(`telemetry has no column ${name}`);
  return index;
};
const [PARTITION, VENUE, ORIGIN, DEVICE] = [place('partition'), place('venue_id'), place('origin'), place('device_id')];
const [AT, MODEL, VALUES, SEQUENCE] = [place('at'), place('model'), place('values'), place('lane_sequence')];

/** A row as it was handed to the store. */
export const writtenRow = (row: readonly CopyValue[]): TelemetryRow => ({
  partition: row[PARTITION] as number,
  venueId: row[VENUE] as string,
  origin: row[ORIGIN] as string,
  deviceId: row[DEVICE] as string,
  model: row[MODEL] as string,
  at: row[AT] as number,
  values: row[VALUES] as readonly (number | null)[],
  laneSequence: row[SEQUENCE] as number,
});

export const READ_COLUMNS = 'partition, venue_id, origin, device_id, model, at, "values", lane_sequence';

/** A row as the store gives it back for READ_COLUMNS. */
export const readRow = (row: Row): TelemetryRow => ({
  partition: row['partition'] as number,
  venueId: row['venue_id'] as string,
  origin: row['origin'] as string,
  deviceId: row['device_id'] as string,
  model: row['model'] as string,
  at: row['at'] as number,
  values: row['values'] as readonly (number | null)[],
  laneSequence: row['lane_sequence'] as number,
});
