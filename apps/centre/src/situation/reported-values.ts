import type { ValueRow } from '@fengsui/protocol';

/** What one row of a live report said, as the feed tells it; NaN = nothing. One object, because 10,000 come in a second. */
export type ReportedValues = {
  readonly venueId: string;
  readonly deviceId: string;
  readonly at: number;
  readonly points: readonly string[];
  readonly values: readonly number[];
};

/** Point by point. */
export function* valueRows({ deviceId, at, points, values }: ReportedValues): Generator<ValueRow> {
  for (let i = 0; i < points.length; i++) {
    const value = values[i] as number;
    if (!Number.isNaN(value)) yield [deviceId, points[i] as string, at, value];
  }
}
