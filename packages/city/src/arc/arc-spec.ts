import { requireWithin } from '../require-within.ts';

/** The models of an arc column. Equations: the file of each kind. */
export type ArcModelSpec = MayrSpec | CassieSpec | SchavemakerSpec | HabedankSpec | StaticArcSpec | CarbonisedPathSpec;

/** dg/dt = (g/τ)(u·i/P0 − 1) (Mayr 1943): the column loses a constant power. */
export type MayrSpec = {
  readonly kind: 'mayr';
  /** P0, 1 … 10 000 W; default 60. Voltage of the burning arc = P0 / I. */
  readonly powerW?: number;
  /** τ, 5 … 2000 µs; default 120. */
  readonly tauUs?: number;
} & BreakdownSpec;

/** dg/dt = (g/τ)((u/Uc)² − 1) (Cassie 1939): the column keeps a constant voltage. */
export type CassieSpec = {
  readonly kind: 'cassie';
  /** Uc, 5 … 500 V; default 30. */
  readonly arcV?: number;
  /** Default 250. */
  readonly tauUs?: number;
} & BreakdownSpec;

/** dg/dt = (g/τ)(u·i / max(Uarc·|i|, P0 + P1·u·i) − 1) (Schavemaker and van der Sluis 2000). */
export type SchavemakerSpec = {
  readonly kind: 'schavemaker';
  readonly arcV?: number;
  readonly powerW?: number;
  /** P1, 0 … 0.99; default 0.5. */
  readonly powerShare?: number;
  readonly tauUs?: number;
} & BreakdownSpec;

/** A Cassie and a Mayr column in series (Habedank 1988): 1/g = 1/gc + 1/gm. */
export type HabedankSpec = {
  readonly kind: 'habedank';
  readonly arcV?: number;
  /** τ of the Cassie part; default 250. */
  readonly tauUs?: number;
  readonly powerW?: number;
  /** τ of the Mayr part; default 60. */
  readonly mayrTauUs?: number;
} & BreakdownSpec;

/** u = A + B·d + (C + D·d)/|i| (Ayrton 1902) without memory, for a gap of fixed length. */
export type StaticArcSpec = {
  readonly kind: 'static';
  /** A + B·d, 5 … 200 V; default 20. */
  readonly arcV?: number;
  /** C + D·d, 0 … 200 W; default 10. */
  readonly hyperbolicW?: number;
  /** The gap holds for this long after extinction, µs; default 100. */
  readonly deionisationUs?: number;
} & BreakdownSpec;

/** Black-box arcs die at a current zero unless the gap breaks down again: at `breakdownV`, scattered by `scatter`. */
export type BreakdownSpec = {
  /** Median of the voltage at which the cold gap re-ignites, 10 … 2000 V; default 80. */
  readonly breakdownV?: number;
  /** Standard deviation of its logarithm from half-cycle to half-cycle, and a third of it of the column; 0 … 1, default 0.3. */
  readonly scatter?: number;
};

/**
 * A charred path in damaged insulation: every half-cycle re-ignites at a voltage of its own, burns at a voltage of its
 * own and goes out near the current's zero.
 */
export type CarbonisedPathSpec = {
  readonly kind: 'carbonised';
  /** Median re-ignition voltage, 20 … 400 V; default drawn 60 … 120. */
  readonly reignitionV?: number;
  /** Deviation of its logarithm, 0 … 1; default drawn 0.3 … 0.5. */
  readonly reignitionScatter?: number;
  /** Median burning voltage, 10 … 100 V; default drawn around 28 with 20 %. */
  readonly arcV?: number;
  /** Deviation of its logarithm from one half-cycle to the next; default 0.08. */
  readonly arcScatter?: number;
  /** Part of the burning voltage that falls with the current, W; default drawn 5 … 15. */
  readonly hyperbolicW?: number;
  /** Median de-ionisation delay after extinction, µs; default 120. */
  readonly deionisationUs?: number;
  /** Current at which it goes out, mA; default drawn 30 … 80. */
  readonly extinctionMa?: number;
  /** Resistance of the char while no arc burns, ohm, 1e3 … 1e9; default 1e5. */
  readonly charOhm?: number;
  /** Fall of the median re-ignition voltage per joule burned, V/J; default 0.02. It never falls below 20 V. */
  readonly ageingVPerJ?: number;
  /** Burning voltage of negative over positive half-cycles; default 1, in 30 % of paths drawn 0.6 … 1.6 (metal to carbon). */
  readonly asymmetryRatio?: number;
};

/** Checks every number given. Throws RangeError naming model, field and range. */
export function checkArcModel(spec: ArcModelSpec): void {
  const place = `arc model ${spec.kind}`;
  for (const [field, value] of Object.entries(spec)) {
    const range = ranges[field];
    if (range === undefined || typeof value !== 'number') continue;
    requireWithin(`${place}: ${field}`, value, range[0], range[1]);
  }
}

const ranges: Readonly<Record<string, readonly [number, number]>> = {
  powerW: [1, 10_000],
  tauUs: [5, 2000],
  mayrTauUs: [5, 2000],
  arcV: [5, 500],
  powerShare: [0, 0.99],
  hyperbolicW: [0, 200],
  breakdownV: [10, 2000],
  scatter: [0, 1],
  reignitionV: [20, 400],
  reignitionScatter: [0, 1],
  arcScatter: [0, 1],
  deionisationUs: [0, 5000],
  extinctionMa: [0, 1000],
  charOhm: [1e3, 1e9],
  ageingVPerJ: [0, 10],
  asymmetryRatio: [0.2, 5],
};
