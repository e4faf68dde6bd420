import { plaidFamily } from './plaid-family.ts';
import type { PlaidRow } from './plaid-rows.ts';
import { fitResistivePhase } from './resistive-phase.ts';

/** What the learners see of a row. */
export type PlaidFeatures = {
  /** For trees: monotone transforms do not matter to them, sums and ratios do. */
  readonly trees: (row: PlaidRow) => Float64Array;
  /** For distances between rows: logarithms, so that equal steps are equal ratios. */
  readonly space: (row: PlaidRow) => Float64Array;
  /** For the distance to everything known: the few that differ most between kinds of load. */
  readonly novelty: (row: PlaidRow) => Float64Array;
};

/**
 * Features of one row alone. Powers are those at nominal voltage, from the admittance: the voltage level itself is
 * never a feature, for it tells the house. `training` gives only the phase of pure resistors in this measuring chain.
 */
export function createPlaidFeatures(training: readonly PlaidRow[], nominalVoltageV: number): PlaidFeatures {
  const repeats = new Map<string, number>();
  const device = (row: PlaidRow): string => `${row.houseKey} ${row.label}`;
  for (const row of training) repeats.set(device(row), (repeats.get(device(row)) ?? 0) + 1);
  const resistivePhase = fitResistivePhase(
    training
      .filter(({ label, harmonicsA, fundamentalA }) => {
        return plaidFamily(label) === 'resistive' && (harmonicsA[0] as number) < 0.1 * fundamentalA;
      })
      .map((row) => ({
        logApparentPower: Math.log(apparentPowerVa(row, nominalVoltageV)),
        phaseRad: phaseOf(row),
        weight: 1 / (repeats.get(device(row)) ?? 1),
      })),
  );

  return {
    trees(row) {
      const s = apparentPowerVa(row, nominalVoltageV);
      const phaseRad = phaseOf(row);
      const ownPhaseRad = phaseRad - resistivePhase(Math.log(s));
      const ratios = ratiosOf(row);
      const [h3 = NaN, h5 = NaN, h7 = NaN, h9 = NaN] = ratios;
      const reactive = s * Math.sin(ownPhaseRad);
      return Float64Array.of(
        s,
        s * Math.cos(ownPhaseRad),
        reactive,
        phaseRad,
        ownPhaseRad,
        row.powerFactor,
        row.crestFactor,
        row.thd,
        unexplainedRatio(row),
        ...ratios,
        ...ratios.map((ratio) => ratio * s),
        (row.crestFactor * row.currentA * nominalVoltageV) / row.voltageV,
        logOf(row.thd / h3),
        h5 / h3,
        h7 / h5,
        h9 / h7,
        row.crestFactor / Math.sqrt(1 + row.thd ** 2),
        reactive / (1 + h3 * s),
      );
    },
    space(row) {
      const s = apparentPowerVa(row, nominalVoltageV);
      const phaseRad = phaseOf(row);
      const ratios = ratiosOf(row);
      const [h3 = NaN, h5 = NaN, h7 = NaN] = ratios;
      return Float64Array.of(
        Math.log(s),
        phaseRad,
        phaseRad - resistivePhase(Math.log(s)),
        row.powerFactor,
        row.crestFactor,
        logOf(row.thd),
        unexplainedRatio(row),
        ...ratios.map(logOf),
        h5 / h3,
        h7 / h5,
      );
    },
    novelty(row) {
      const s = apparentPowerVa(row, nominalVoltageV);
      return Float64Array.of(
        Math.log(s),
        phaseOf(row) - resistivePhase(Math.log(s)),
        row.crestFactor,
        logOf(row.thd),
        unexplainedRatio(row),
        ...ratiosOf(row).slice(0, 3).map(logOf),
      );
    },
  };
}

/** The plain features of the baseline: what the table says, with the powers in watts. */
export function plainPlaidFeatures(row: PlaidRow): Float64Array {
  const { voltageV, currentA, fundamentalA, displacementPowerFactor, reactiveSign, harmonicsA } = row;
  const apparent = (voltageV * fundamentalA) / Math.SQRT2;
  const [h3 = NaN, h5 = NaN, h7 = NaN] = harmonicsA;
  return Float64Array.of(
    apparent * displacementPowerFactor,
    reactiveSign * apparent * Math.sqrt(Math.max(0, 1 - displacementPowerFactor ** 2)),
    voltageV * currentA,
    row.powerFactor,
    currentA,
    row.crestFactor,
    row.thd,
    displacementPowerFactor,
    reactiveSign,
    fundamentalA,
    h3,
    h5,
    h7,
  );
}

/** Apparent power of the fundamental that the load's admittance would draw at nominal voltage. */
function apparentPowerVa(row: PlaidRow, nominalVoltageV: number): number {
  return (row.fundamentalA / Math.SQRT2 / row.voltageV) * nominalVoltageV ** 2;
}

/** φ1, positive when the current lags. */
function phaseOf(row: PlaidRow): number {
  return row.reactiveSign * Math.acos(Math.max(-1, Math.min(1, row.displacementPowerFactor)));
}

function ratiosOf(row: PlaidRow): number[] {
  return row.harmonicsA.map((harmonic) => harmonic / row.fundamentalA);
}

/**
 * Share of the rms current that the odd harmonics to 11 leave over: even harmonics of a half-wave hair dryer or a
 * microwave, and noise of brushes.
 */
function unexplainedRatio(row: PlaidRow): number {
  const odd = row.harmonicsA.reduce(
    (sum, value) => sum + (Number.isNaN(value) ? 0 : value * value),
    row.fundamentalA ** 2,
  );
  return Math.sqrt(Math.max(0, row.currentA ** 2 - odd / 2)) / row.currentA;
}

/** ln, with a floor under ratios that are 0 in the table's digits. */
function logOf(ratio: number): number {
  return Math.log(Math.max(ratio, 1e-6));
}
