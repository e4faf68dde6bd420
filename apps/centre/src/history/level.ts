import { dayPartition, monthPartition, type PartitionRange } from './day-partition.ts';
import type { LocalDays } from './local-days.ts';

export const levelNames = ['minute', 'quarter', 'day'] as const;
export type LevelName = (typeof levelNames)[number];

const DAY_MS = 86_400_000;

/** One resolution of the roll-ups. */
export type Level = {
  readonly name: LevelName;
  readonly table: string;
  /** Width of a bucket; a local day may be an hour shorter or longer. */
  readonly widthMs: number;
  /** The beginning of the bucket that holds `at`. */
  startOf(at: number): number;
  /** The partition of the table a bucket belongs to; undefined: the table has none. */
  partitionOf(at: number): PartitionRange | undefined;
};

const aligned =
  (widthMs: number) =>
  (at: number): number =>
    Math.floor(at / widthMs) * widthMs;

/**
 * The levels, finest first. Minutes and quarters of an hour are those of UTC, which every time zone in use shares; a day
 * is one of the site's time zone: consumption per day is what people ask of it.
 */
export function levelsOf(days: LocalDays): Readonly<Record<LevelName, Level>> {
  return {
    minute: {
      name: 'minute',
      table: 'telemetry_minute',
      widthMs: 60_000,
      startOf: aligned(60_000),
      partitionOf: (at) => dayPartition('telemetry_minute', at),
    },
    quarter: {
      name: 'quarter',
      table: 'telemetry_quarter',
      widthMs: 900_000,
      startOf: aligned(900_000),
      partitionOf: (at) => monthPartition('telemetry_quarter', at),
    },
    day: {
      name: 'day',
      table: 'telemetry_day',
      widthMs: DAY_MS,
      startOf: (at) => days.startOf(at),
      partitionOf: () => undefined,
    },
  };
}
