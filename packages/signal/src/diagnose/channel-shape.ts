import { createCycleAnalyser } from '../cycle-analyser.ts';
import type { CycleReading } from '../cycle-reading.ts';
import type { MainsHz } from '../mains.ts';

/** What one channel looks like when taken for a mains voltage. */
export type ChannelShape = {
  /** Rms without the mean, of the finite samples; 0 when there are none. */
  readonly acRms: number;
  /** Mean over whole cycles: the median of the locked cycles' means, or the mean over nominal cycles without lock. */
  readonly dc: number;
  /** Share of its cycles that lock to the nominal mains frequency, 0..1. */
  readonly lockedShare: number;
  /** Medians over the locked cycles; NaN without any. */
  readonly frequencyHz: number;
  readonly thdPct: number;
  readonly secondHarmonicRms: number;
  /** Share of the samples within 5 % of the peak from zero: the rests of a rectifier's current. */
  readonly restShare: number;
};

/** Describes one channel; `undefined` sampling below 32 per cycle is the caller's to exclude. */
export function describeChannel(values: Float64Array, sampleRateHz: number, mainsHz: MainsHz): ChannelShape {
  const { acRms, peak } = moments(values);
  const readings: CycleReading[] = [];
  if (acRms > 0) {
    // Any level counts as voltage here: the question is the shape.
    const analyser = createCycleAnalyser({ sampleRateHz, mainsHz, leastVoltageV: 0.05 * acRms });
    const collect = (reading: CycleReading): void => void readings.push(reading);
    analyser.push({ voltageV: values, currentA: values }, collect);
    analyser.flush(collect);
  }
  const locked = readings.filter((reading) => reading.locked);
  return {
    acRms,
    dc:
      locked.length > 0
        ? medianOf(locked, (reading) => reading.voltageHarmonicsV[0])
        : moments(wholeNominalCycles(values, sampleRateHz / mainsHz)).mean,
    lockedShare: readings.length === 0 ? 0 : locked.length / readings.length,
    frequencyHz: medianOf(locked, (reading) => reading.frequencyHz),
    thdPct: medianOf(locked, (reading) => reading.voltageThdPct),
    secondHarmonicRms: medianOf(locked, (reading) => reading.voltageHarmonicsV[2]),
    restShare: values.filter((value) => Math.abs(value) < 0.05 * peak).length / values.length,
  };
}

function wholeNominalCycles(values: Float64Array, framesPerCycle: number): Float64Array {
  const cycles = Math.floor(values.length / framesPerCycle);
  return cycles === 0 ? values : values.subarray(0, Math.round(cycles * framesPerCycle));
}

function moments(values: Float64Array): { mean: number; acRms: number; peak: number } {
  const finite = values.filter((value) => Number.isFinite(value));
  if (finite.length === 0) return { mean: NaN, acRms: 0, peak: 0 };
  const mean = finite.reduce((sum, value) => sum + value, 0) / finite.length;
  const variance = finite.reduce((sum, value) => sum + (value - mean) ** 2, 0) / finite.length;
  const peak = finite.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  // A constant leaves rounding errors behind; they are no signal.
  return { mean, acRms: Math.sqrt(variance) > 1e-12 * peak ? Math.sqrt(variance) : 0, peak };
}

function medianOf(readings: readonly CycleReading[], valueOf: (reading: CycleReading) => number | undefined): number {
  const sorted = Float64Array.from(readings, (reading) => valueOf(reading) ?? NaN).sort();
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
