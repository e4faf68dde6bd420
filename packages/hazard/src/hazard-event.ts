import type { Level } from '@fengsui/alarm';

/** A measured value. `value` is in the unit of the point's name, `at` in epoch ms. */
export type Reading = { readonly at: number; readonly pointId: string; readonly value: number };

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
};
