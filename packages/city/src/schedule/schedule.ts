/**
 * When a load draws current. Milliseconds count from the start of the board; hours are local wall time (0 … 24).
 * A switch-on falls at an arbitrary phase of the mains: times are not rounded to cycles.
 */
export type Schedule =
  | { readonly kind: 'always' }
  | { readonly kind: 'spans'; readonly spans: readonly Span[] }
  /** A thermostat: on and off in turn; each length varies by ±`jitterRatio` (default 0.15); starts somewhere inside. */
  | { readonly kind: 'cycle'; readonly onMs: number; readonly offMs: number; readonly jitterRatio?: number }
  /** Every day the same hours, each edge shifted by up to ±`jitterMs` (default 10 minutes). */
  | { readonly kind: 'daily'; readonly hours: readonly Hours[]; readonly jitterMs?: number }
  /** People: `perHour` uses on average at random times within the hours (default all day), each lasting `onMs` ± 30 %. */
  | { readonly kind: 'visits'; readonly perHour: number; readonly onMs: number; readonly hours?: Hours };

/** `offAtMs` absent = stays on. A span that begins before 0 was on long before the board started. */
export type Span = { readonly onAtMs: number; readonly offAtMs?: number };

/** `from` < `to`, or past midnight when `from` > `to`. */
export type Hours = { readonly from: number; readonly to: number };
