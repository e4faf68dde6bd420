import type { LevelName } from '../history/level.ts';

export type SeriesRow = readonly [at: number, min: number, max: number, last: number];
export type Series = {
  readonly items: readonly SeriesRow[];
  /** Samples per row; 1 = each row is one. */
  readonly downsampled: number;
  /** Time one row stands for; 0 = an instant. */
  readonly resolutionMs: number;
  readonly source: 'raw' | LevelName;
};
