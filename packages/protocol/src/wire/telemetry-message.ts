/** Most rows of one batch, most points of one report. */
export const maxTelemetryRows = 10_000;
export const maxTelemetryPoints = 1_024;
/** Most values (rows × points): no complete JSON batch of 256 KiB holds more, and short rows must not claim more memory. */
export const maxTelemetryValues = 131_072;

/** Why a batch of this size is refused, or undefined. */
export function batchSizeProblem(points: number, rows: number): string | undefined {
  if (points <= maxTelemetryPoints && rows <= maxTelemetryRows && points * rows <= maxTelemetryValues) return undefined;
  return (
    `${points} points × ${rows} rows, at most ${maxTelemetryPoints} points, ${maxTelemetryRows} rows ` +
    `and ${maxTelemetryValues} values expected`
  );
}

export type TelemetryFlag = 'atMissing' | 'atInvalid' | 'periodInvalid' | 'duplicateKeys';

export type RejectReason =
  /** Point name empty, longer than 64 characters, with control characters, or not a string. */
  | 'invalidPointName'
  /** The same name a second time in `points`. */
  | 'duplicatePoint'
  /** Neither a number nor null. */
  | 'notNumber'
  /** Beyond the range of float64 (`1e999`), or an infinity in the binary form. */
  | 'notFinite'
  /** A row that is not an array. */
  | 'rowNotArray'
  /** More values than points; the surplus is refused. */
  | 'rowTooLong'
  /** Fewer values than points; the values there are kept. */
  | 'rowTooShort';

export type RejectedValue = {
  /** Point name as sent, cut to 64 characters; `#3` when the fourth name of a batch is no name; `""` for a whole row. */
  readonly point: string;
  readonly reason: RejectReason;
  /** The refused value in at most 80 characters. */
  readonly value: string;
  /** Row of a batch, from 0. */
  readonly row?: number;
};

export type TelemetryRow = {
  /** Epoch ms, whole; absent when the report has no usable time (then it is flagged). */
  readonly at?: number;
  /** In the order of `points`; NaN = unknown (absent or null on the wire). */
  readonly values: Float64Array;
};

/** A telemetry report, the same for all three forms on the wire: a single report is a batch of one row. */
export type Telemetry = {
  readonly kind: 'telemetry';
  readonly epoch: string;
  readonly seq?: number;
  readonly points: readonly string[];
  readonly rows: readonly TelemetryRow[];
  /** At most 100 of them; `rejectedCount` has all. */
  readonly rejected: readonly RejectedValue[];
  readonly rejectedCount: number;
  readonly flags: readonly TelemetryFlag[];
};

/** What a device says; NaN in `values` = unknown. */
export type TelemetryMessage = {
  readonly epoch?: string;
  readonly seq?: number;
  readonly points: readonly string[];
  /** Rows at `at0 + i · periodMs`. */
  readonly at0?: number;
  readonly periodMs?: number;
  readonly rows: readonly ArrayLike<number>[];
};
