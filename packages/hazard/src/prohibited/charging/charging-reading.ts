/**
 * One second of a circuit as the charging recogniser needs it. What distorts the current is told either as phasors (a
 * terminal has them) or as one number (a meter has P, power factor and distortion only).
 */
export type ChargingReading = {
  /** End of the second, ms. */
  readonly at: number;
  readonly activePowerW: number;
  /** Of the fundamental, positive = inductive. A meter that knows no sign tells the magnitude. */
  readonly reactivePowerVar: number;
  /** Rms of all harmonics of the current times the voltage, VA ≥ 0. */
  readonly distortionVa: number;
  /**
   * Harmonics 3, 5, 7 … 15 times the voltage: [in phase, quadrature] each, VA. Three orders are needed; those above tell
   * neighbouring rectifiers apart. Absent = not known.
   */
  readonly harmonicsVa?: ArrayLike<number>;
};

/** What a meter tells once a second. */
export type MeterSecond = {
  readonly at: number;
  readonly activePowerW: number;
  /** P/S, 0 … 1. */
  readonly powerFactor: number;
  /** Harmonics over the fundamental of the current, per cent. */
  readonly currentThdPct: number;
};

/**
 * From P, power factor and distortion: S = P/PF, S1 = S/√(1 + thd²), Q = √(S1² − P²) (of unknown sign: told as
 * positive), D = thd·S1. NaN where a value is missing or impossible; without load all is 0.
 */
export function readingOfMeter(second: MeterSecond): ChargingReading {
  const { at, activePowerW, powerFactor, currentThdPct } = second;
  if (activePowerW === 0) return { at, activePowerW: 0, reactivePowerVar: 0, distortionVa: 0 };
  const apparentVa = powerFactor > 0 && powerFactor <= 1 ? activePowerW / powerFactor : NaN;
  const thd = currentThdPct / 100;
  const fundamentalVa = apparentVa / Math.sqrt(1 + thd * thd);
  // Rounded figures may make P a little larger than S1.
  const reactivePowerVar = Math.sqrt(Math.max(0, fundamentalVa ** 2 - activePowerW ** 2));
  return { at, activePowerW, reactivePowerVar, distortionVa: thd * fundamentalVa };
}

/** The part of signal's `MeanReading` that is needed. */
export type ElectricalReading = {
  readonly activePowerW: number;
  readonly reactivePowerVar: number;
  readonly voltageHarmonicsV: ArrayLike<number>;
  readonly currentHarmonicsA: ArrayLike<number>;
  readonly currentHarmonicPhasesRad: ArrayLike<number>;
};

const ORDERS = [3, 5, 7, 9, 11, 13, 15] as const;

/** From the readings of a terminal's own signal chain, with phasors. */
export function readingOfMean(mean: ElectricalReading, at: number): ChargingReading {
  const voltageV = mean.voltageHarmonicsV[1] ?? NaN;
  let squares = 0;
  for (let order = 2; order < mean.currentHarmonicsA.length; order++) {
    const rmsA = mean.currentHarmonicsA[order] as number;
    if (!Number.isNaN(rmsA)) squares += rmsA * rmsA;
  }
  const harmonicsVa = new Float64Array(2 * ORDERS.length);
  ORDERS.forEach((order, index) => {
    const va = voltageV * (mean.currentHarmonicsA[order] ?? NaN);
    const phaseRad = mean.currentHarmonicPhasesRad[order] ?? NaN;
    harmonicsVa[2 * index] = va * Math.cos(phaseRad);
    harmonicsVa[2 * index + 1] = va * Math.sin(phaseRad);
  });
  const { activePowerW, reactivePowerVar } = mean;
  return { at, activePowerW, reactivePowerVar, distortionVa: voltageV * Math.sqrt(squares), harmonicsVa };
}
