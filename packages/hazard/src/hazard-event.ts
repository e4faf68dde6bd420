import type { Level } from '@fengsui/alarm';

/** A measured value. `value` is in the unit of the point's name, `at` in epoch ms. */
export type Reading = { readonly at: number; readonly pointId: string; readonly value: number };

/** A value that JSON carries without loss: numbers are finite. */
export type EvidenceValue =
  string | number | boolean | null | readonly EvidenceValue[] | { readonly [name: string]: EvidenceValue };

/** Why a hazard is told: the features that mattered, beside what is usual here. At most 16 KiB of JSON (design.md 5.1). */
export type HazardEvidence = { readonly [name: string]: EvidenceValue };

/** What the terminal tells the centre about a hazard: the event of design.md 5.1 with what was measured. */
export type HazardEvent = {
  readonly kind: string;
  /** Prefix of the point: `c1`, `t2`. */
  readonly point: string;
  /** The point whose limit decides the level: `c1.currentA`. */
  readonly pointId: string;
  readonly active: boolean;
  /** Highest level that holds now; of an inactive one, the last that held. */
  readonly level: Level;
  /** When it became so. */
  readonly at: number;
  /** Newest value of that point and the limit it passed; of an inactive one, the limit it passed last. */
  readonly value: number;
  readonly limit: number;
  /** What `value` and `limit` are when they are not the point's own quantity: `kappaRatioLow`, `thermalStateRatio`. */
  readonly measure?: string;
  /** Probability from 0 to 1 that the limit is really passed; absent of a plain limit on a measured value. */
  readonly confidence?: number;
  readonly evidence?: HazardEvidence;
};
