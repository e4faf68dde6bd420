import {
  BINS,
  CURRENT_IN_PHASE,
  distortionOf,
  HarmonicPhasors,
  magnitudeOf,
  PHASOR_COUNT,
  VOLTAGE_IN_PHASE,
} from './harmonic-phasors.ts';
import type { PairHarmonics } from './pair-harmonics.ts';
import { HIGHEST_HARMONIC } from './pair-harmonics.ts';
import { rms } from './rms.ts';

/**
 * The electrical quantities of one mains cycle (or, by `meanReading`, of several).
 *
 * Signs follow the load convention: power taken from the mains is positive, inductive reactive power is positive.
 * NaN means "not known": nothing is ever filled with 0.
 */
export type CycleReading = {
  /** First frame, from the first pushed frame; fractional. */
  readonly startFrame: number;
  /** Length in frames; fractional. */
  readonly frameCount: number;
  /**
   * Whether the cycle is a whole period of the voltage's fundamental. False without voltage: then the window has
   * nominal length, the rms values, mean power and crest factors stand, and everything that needs the phase is NaN.
   */
  readonly locked: boolean;
  /** Sampling rate over length; NaN when not locked. */
  readonly frequencyHz: number;
  /** Rms, dc included. */
  readonly voltageV: number;
  /** Rms, dc included. */
  readonly currentA: number;
  /** Mean of v·i: all harmonics, sign included. */
  readonly activePowerW: number;
  /** V1·I1·sin(φ1): the fundamental's, positive when the current lags. NaN when not locked. */
  readonly reactivePowerVar: number;
  /** Rms voltage times rms current. */
  readonly apparentPowerVa: number;
  /** P/S, -1..1, signed. NaN when not locked or when the current is below the noise floor. */
  readonly powerFactor: number;
  /** cos(φ1) of the fundamentals, -1..1. NaN as `powerFactor`. */
  readonly displacementPowerFactor: number;
  /** Harmonics 2..40 (as far as measurable) relative to the fundamental rms, per cent. NaN when not locked. */
  readonly voltageThdPct: number;
  /** As `voltageThdPct`; also NaN when the current is below the noise floor. */
  readonly currentThdPct: number;
  /** Peak over rms on the resampled points; NaN when the channel is all zero. */
  readonly voltageCrestFactor: number;
  /** As `voltageCrestFactor`. */
  readonly currentCrestFactor: number;
  /** Rms, dc included; absent when the analyser has no residual channel. */
  readonly residualCurrentMa?: number;
  /**
   * Rms per harmonic; index = harmonic 0..40, index 0 = signed mean. NaN at and above the Nyquist frequency. This and
   * the next three are computed when first asked for.
   */
  readonly voltageHarmonicsV: Float64Array;
  /** As `voltageHarmonicsV`. */
  readonly currentHarmonicsA: Float64Array;
  /**
   * Phase per harmonic, -π..π, relative to the voltage fundamental: the harmonic is sqrt(2)·rms·sin(h·θ + phase),
   * θ = 0 where the voltage fundamental crosses zero rising. Index 0: 0. NaN as the magnitudes.
   */
  readonly voltageHarmonicPhasesRad: Float64Array;
  /** As `voltageHarmonicPhasesRad`; index 1 is negative for a lagging (inductive) current. */
  readonly currentHarmonicPhasesRad: Float64Array;
  /** The same harmonics in phase and in quadrature, as they were measured: harmonic-phasors.ts has the layout. */
  readonly harmonicPhasors: Float64Array;
};

/** One cycle, resampled to a fixed number of points that start at the voltage fundamental's rising zero. */
export type CycleSamples = {
  readonly voltageV: Float64Array;
  readonly currentA: Float64Array;
  /** Present when the analyser has a residual channel. */
  readonly residualCurrentMa?: Float64Array;
};

/** What a reading needs beside the samples. */
export type CycleContext = {
  startFrame: number;
  frameCount: number;
  locked: boolean;
  readonly sampleRateHz: number;
  /** Current rms below which ratios of the current are noise. */
  readonly currentNoiseFloorA: number;
  /** Fundamental rms below which the voltage has no phase. */
  readonly leastVoltageV: number;
};

/** A reading that can be written: one cycle after the other, or once. */
export class MeasuredCycle extends HarmonicPhasors implements CycleReading {
  startFrame = NaN;
  frameCount = NaN;
  locked = false;
  frequencyHz = NaN;
  voltageV = NaN;
  currentA = NaN;
  activePowerW = NaN;
  reactivePowerVar = NaN;
  apparentPowerVa = NaN;
  powerFactor = NaN;
  displacementPowerFactor = NaN;
  voltageThdPct = NaN;
  currentThdPct = NaN;
  voltageCrestFactor = NaN;
  currentCrestFactor = NaN;
  declare residualCurrentMa?: number;

  /** Takes the quantities of one resampled cycle; allocates nothing. */
  measure(samples: CycleSamples, context: CycleContext, plan: PairHarmonics): void {
    const { voltageV, currentA, residualCurrentMa } = samples;
    const points = voltageV.length;
    let voltageSquares = 0;
    let currentSquares = 0;
    let products = 0;
    let voltagePeak = 0;
    let currentPeak = 0;
    for (let point = 0; point < points; point++) {
      const v = voltageV[point] as number;
      const i = currentA[point] as number;
      voltageSquares += v * v;
      currentSquares += i * i;
      products += v * i;
      // A NaN is passed over here, but not by the sums that the peaks are divided by.
      if (v > voltagePeak) voltagePeak = v;
      else if (-v > voltagePeak) voltagePeak = -v;
      if (i > currentPeak) currentPeak = i;
      else if (-i > currentPeak) currentPeak = -i;
    }
    const voltageRms = Math.sqrt(voltageSquares / points);
    const currentRms = Math.sqrt(currentSquares / points);
    const phasors = this.harmonicPhasors;
    this.forgetPolar();
    const locked = context.locked && analyseHarmonics(samples, context, plan, phasors, currentRms);
    if (!locked) phasors.fill(NaN);
    const hasCurrent = locked && currentRms >= context.currentNoiseFloorA;
    const currentVa = voltageRms * currentRms;
    const voltageFundamentalV = magnitudeOf(phasors, VOLTAGE_IN_PHASE + 1);
    const inPhaseA = phasors[CURRENT_IN_PHASE + 1] as number;
    const quadratureA = phasors[CURRENT_IN_PHASE + BINS + 1] as number;
    this.startFrame = context.startFrame;
    this.frameCount = context.frameCount;
    this.locked = locked;
    this.frequencyHz = locked ? context.sampleRateHz / context.frameCount : NaN;
    this.voltageV = voltageRms;
    this.currentA = currentRms;
    this.activePowerW = products / points;
    this.reactivePowerVar = -voltageFundamentalV * quadratureA;
    this.apparentPowerVa = currentVa;
    this.powerFactor = hasCurrent ? this.activePowerW / currentVa : NaN;
    this.displacementPowerFactor = hasCurrent ? inPhaseA / magnitudeOf(phasors, CURRENT_IN_PHASE + 1) : NaN;
    this.voltageThdPct = distortionOf(phasors, VOLTAGE_IN_PHASE);
    this.currentThdPct = hasCurrent ? distortionOf(phasors, CURRENT_IN_PHASE) : NaN;
    this.voltageCrestFactor = voltagePeak / voltageRms;
    this.currentCrestFactor = currentPeak / currentRms;
    if (residualCurrentMa !== undefined) this.residualCurrentMa = rms(residualCurrentMa);
  }
}

/** Computes the reading of one resampled cycle. */
export function readCycle(samples: CycleSamples, context: CycleContext, plan: PairHarmonics): CycleReading {
  const reading = new MeasuredCycle(new Float64Array(PHASOR_COUNT));
  reading.measure(samples, context, plan);
  return reading;
}

/** Readings that share one buffer: a kept reading keeps 10 KB, a reading costs a third of one with a buffer of its own. */
const READINGS_PER_BUFFER = 8;

/** Readings for a stream: several share one buffer, because allocating one is what costs. */
export function createReadingAllocator(): () => MeasuredCycle {
  let buffer = new ArrayBuffer(0);
  let used = READINGS_PER_BUFFER;
  const bytes = PHASOR_COUNT * Float64Array.BYTES_PER_ELEMENT;
  return () => {
    if (used === READINGS_PER_BUFFER) {
      buffer = new ArrayBuffer(READINGS_PER_BUFFER * bytes);
      used = 0;
    }
    return new MeasuredCycle(new Float64Array(buffer, used++ * bytes, PHASOR_COUNT));
  };
}

/** Fills the phasors; false when the voltage of this very cycle has no fundamental to refer to. */
function analyseHarmonics(
  samples: CycleSamples,
  context: CycleContext,
  plan: PairHarmonics,
  phasors: Float64Array,
  currentRms: number,
): boolean {
  // Both signals share one transform, so a NaN in the current would reach the voltage: leave such a current out.
  const currentKnown = currentRms < Infinity;
  plan.analyse(samples.voltageV, currentKnown ? samples.currentA : new Float64Array(plan.samplesPerCycle));
  const cos = plan.firstCos[1] as number;
  const sin = plan.firstSin[1] as number;
  const size = Math.sqrt(cos * cos + sin * sin);
  if (!(size >= context.leastVoltageV)) return false;
  // A tone at the Nyquist frequency itself is not measurable: its sine part is lost.
  const count = Math.min(HIGHEST_HARMONIC, Math.ceil(context.frameCount / 2) - 1);
  turn(plan.firstCos, plan.firstSin, count, sin / size, -cos / size, phasors, VOLTAGE_IN_PHASE);
  if (currentKnown) {
    turn(plan.secondCos, plan.secondSin, count, sin / size, -cos / size, phasors, CURRENT_IN_PHASE);
  } else phasors.fill(NaN, CURRENT_IN_PHASE);
  return true;
}

/**
 * Refers the harmonics to the phase of the voltage's fundamental: harmonic h is turned h times as far as that is from
 * zero. `re` + j·`im`: the turn of the first one, of length 1.
 */
function turn(
  cos: Float64Array,
  sin: Float64Array,
  count: number,
  re: number,
  im: number,
  phasors: Float64Array,
  from: number,
): void {
  phasors[from] = cos[0] as number;
  phasors[from + BINS] = 0;
  let turnRe = re;
  let turnIm = im;
  for (let h = 1; h <= count; h++) {
    const c = cos[h] as number;
    const s = sin[h] as number;
    phasors[from + h] = s * turnRe - c * turnIm;
    phasors[from + BINS + h] = c * turnRe + s * turnIm;
    const next = turnRe * re - turnIm * im;
    turnIm = turnRe * im + turnIm * re;
    turnRe = next;
  }
  for (let h = count + 1; h < BINS; h++) {
    phasors[from + h] = NaN;
    phasors[from + BINS + h] = NaN;
  }
}
