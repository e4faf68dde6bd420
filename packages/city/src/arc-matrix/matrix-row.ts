import type { LoadSpec } from '../load/load-spec.ts';

/**
 * Where a value of the matrix comes from: `S` read in a public summary of the standard (IEC 62606, GB/T 31143, GB 14287.4),
 * `M` remembered and not verified: an editable default.
 */
export type ValueSource = 'S' | 'M';

export type MatrixCase = {
  readonly id: string;
  /** On the circuit together, all from the start unless an act says otherwise. */
  readonly loads: readonly LoadSpec[];
  /** The load in whose line the arc is, or `all`: upstream, in the line of the whole circuit. */
  readonly arcIn: string;
  /** Switchings of the normal run and of the arc run, ms after the first frame. */
  readonly switchings?: readonly { readonly load: string; readonly onAtMs: number; readonly offAtMs: number }[];
};

/** A row that must react: 60 s of normal run without an alarm, and an arc run with an alarm in time. */
export type ReactingRow = {
  readonly id: string;
  readonly kind: 'reacting';
  readonly title: string;
  /** Longest time from the arc to the alarm, ms. */
  readonly limitMs: number;
  /** Column of Table 1 the limit is read from, A. */
  readonly columnA: number;
  readonly cases: readonly MatrixCase[];
  readonly normalMs: number;
  readonly arcMs: number;
  readonly sources: { readonly limit: ValueSource; readonly load: ValueSource };
};

/** A row that must stay silent: episodes of these classes, one after the other, on one circuit for `normalMs`. */
export type SilentRow = {
  readonly id: string;
  readonly kind: 'silent';
  readonly title: string;
  readonly nuisanceClasses: readonly string[];
  readonly normalMs: number;
  readonly sources: { readonly rule: ValueSource; readonly load: ValueSource };
};

export type MatrixRow = ReactingRow | SilentRow;
