import { distortionPct, emptyHarmonics } from './cycle-reading.ts';
import type { CycleReading } from './cycle-reading.ts';

/** A reading over several cycles. */
export type MeanReading = CycleReading & {
  readonly cycleCount: number;
  /** How many of them were locked; `locked` is true only when all were. */
  readonly lockedCycleCount: number;
};

/**
 * Combines consecutive readings into one, weighted by their length.
 *
 * Rms values combine as root mean square (IEC 61000-4-30, aggregation), powers as mean, frequency as locked cycles over
 * their time, harmonics as root mean square with the phase of their vector mean, crest factors as the largest peak over
 * the combined rms; power factor and distortion follow from the combined values. What a reading does not know (NaN) is
 * left out of its mean; what none knows stays NaN. An rms that is NaN in one cycle stays NaN: its energy is unknown.
 * The power factor is NaN when it is NaN in every cycle (no load, no lock). Throws RangeError for an empty list.
 *
 * @example meanReading(tenCycles).currentA
 */
export function meanReading(readings: readonly CycleReading[]): MeanReading {
  const first = readings[0];
  if (first === undefined) throw new RangeError('meanReading: no reading; expected at least one');
  const lockedCycles = readings.filter((reading) => reading.locked);
  const voltageV = combineRms(readings, (reading) => reading.voltageV);
  const currentA = combineRms(readings, (reading) => reading.currentA);
  const apparentPowerVa = voltageV * currentA;
  const activePowerW = combineMean(readings, (reading) => reading.activePowerW);
  const harmonics = combineHarmonics(readings);
  const hasCurrent = readings.some((reading) => !Number.isNaN(reading.powerFactor));
  const currentPhaseRad = harmonics.currentHarmonicPhasesRad[1] ?? NaN;
  const mean: MeanReading = {
    startFrame: first.startFrame,
    frameCount: readings.reduce((sum, reading) => sum + reading.frameCount, 0),
    locked: lockedCycles.length === readings.length,
    cycleCount: readings.length,
    lockedCycleCount: lockedCycles.length,
    // The mean of frequencies weighted by duration is cycles over time.
    frequencyHz: combineMean(lockedCycles, (reading) => reading.frequencyHz),
    voltageV,
    currentA,
    activePowerW,
    reactivePowerVar: combineMean(readings, (reading) => reading.reactivePowerVar),
    apparentPowerVa,
    powerFactor: hasCurrent ? activePowerW / apparentPowerVa : NaN,
    displacementPowerFactor: hasCurrent ? Math.cos(currentPhaseRad) : NaN,
    voltageThdPct: distortionPct(harmonics.voltageHarmonicsV),
    currentThdPct: hasCurrent ? distortionPct(harmonics.currentHarmonicsA) : NaN,
    voltageCrestFactor: largest(readings, (reading) => reading.voltageCrestFactor * reading.voltageV) / voltageV,
    currentCrestFactor: largest(readings, (reading) => reading.currentCrestFactor * reading.currentA) / currentA,
    ...harmonics,
  };
  if (readings.some((reading) => reading.residualCurrentMa === undefined)) return mean;
  return { ...mean, residualCurrentMa: combineRms(readings, (reading) => reading.residualCurrentMa ?? NaN) };
}

function combineRms(readings: readonly CycleReading[], rmsOf: (reading: CycleReading) => number): number {
  let squares = 0;
  let weight = 0;
  for (const reading of readings) {
    squares += rmsOf(reading) ** 2 * reading.frameCount;
    weight += reading.frameCount;
  }
  return Math.sqrt(squares / weight);
}

function combineMean(readings: readonly CycleReading[], valueOf: (reading: CycleReading) => number): number {
  let sum = 0;
  let weight = 0;
  for (const reading of readings) {
    const value = valueOf(reading);
    if (Number.isNaN(value)) continue;
    sum += value * reading.frameCount;
    weight += reading.frameCount;
  }
  return weight === 0 ? NaN : sum / weight;
}

function largest(readings: readonly CycleReading[], valueOf: (reading: CycleReading) => number): number {
  const known = readings.map(valueOf).filter((value) => !Number.isNaN(value));
  return known.length === 0 ? NaN : Math.max(...known);
}

function combineHarmonics(readings: readonly CycleReading[]): ReturnType<typeof emptyHarmonics> {
  const target = emptyHarmonics();
  combineChannel(readings, 'voltageHarmonicsV', 'voltageHarmonicPhasesRad', target);
  combineChannel(readings, 'currentHarmonicsA', 'currentHarmonicPhasesRad', target);
  return target;
}

function combineChannel(
  readings: readonly CycleReading[],
  magnitudes: 'voltageHarmonicsV' | 'currentHarmonicsA',
  phases: 'voltageHarmonicPhasesRad' | 'currentHarmonicPhasesRad',
  target: ReturnType<typeof emptyHarmonics>,
): void {
  for (let h = 0; h < target[magnitudes].length; h++) {
    const at = (reading: CycleReading): number => reading[magnitudes][h] ?? NaN;
    const angle = (reading: CycleReading): number => reading[phases][h] ?? NaN;
    const known = readings.filter((reading) => !Number.isNaN(at(reading)));
    if (known.length === 0) continue;
    // Index 0 is a signed mean, not an rms.
    target[magnitudes][h] = h === 0 ? combineMean(known, at) : combineRms(known, at);
    const sine = combineMean(known, (reading) => at(reading) * Math.sin(angle(reading)));
    const cosine = combineMean(known, (reading) => at(reading) * Math.cos(angle(reading)));
    target[phases][h] = h === 0 ? 0 : Math.atan2(sine, cosine);
  }
}
