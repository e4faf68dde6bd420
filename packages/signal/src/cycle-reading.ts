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
  /** Rms per harmonic; index = harmonic 0..40, index 0 = signed mean. NaN at and above the Nyquist frequency. */
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
  readonly startFrame: number;
  readonly frameCount: number;
  readonly locked: boolean;
  readonly sampleRateHz: number;
  /** Current rms below which ratios of the current are noise. */
  readonly currentNoiseFloorA: number;
  /** Fundamental rms below which the voltage has no phase. */
  readonly leastVoltageV: number;
  /** Where the harmonic arrays come from; by default each reading has a buffer of its own. */
  readonly harmonics?: () => HarmonicArrays;
};

/** Computes the reading of one resampled cycle. */
export function readCycle(samples: CycleSamples, context: CycleContext, plan: PairHarmonics): CycleReading {
  const { voltageV, currentA } = samples;
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
    voltagePeak = Math.max(voltagePeak, Math.abs(v));
    currentPeak = Math.max(currentPeak, Math.abs(i));
  }
  const voltageRms = Math.sqrt(voltageSquares / points);
  const currentRms = Math.sqrt(currentSquares / points);
  const activePowerW = products / points;
  const apparentPowerVa = voltageRms * currentRms;

  const harmonics = context.harmonics === undefined ? emptyHarmonics() : context.harmonics();
  const locked = context.locked && analyseHarmonics(samples, context, plan, harmonics, currentRms);
  const hasCurrent = locked && currentRms >= context.currentNoiseFloorA;
  const currentPhaseRad = harmonics.currentHarmonicPhasesRad[1] as number;
  const fundamentalVa = (harmonics.voltageHarmonicsV[1] as number) * (harmonics.currentHarmonicsA[1] as number);
  // Written out in one literal: spreading costs a tenth of the whole analysis.
  const reading: MutableReading = {
    startFrame: context.startFrame,
    frameCount: context.frameCount,
    locked,
    frequencyHz: locked ? context.sampleRateHz / context.frameCount : NaN,
    voltageV: voltageRms,
    currentA: currentRms,
    activePowerW,
    reactivePowerVar: -fundamentalVa * Math.sin(currentPhaseRad),
    apparentPowerVa,
    powerFactor: hasCurrent ? activePowerW / apparentPowerVa : NaN,
    displacementPowerFactor: hasCurrent ? Math.cos(currentPhaseRad) : NaN,
    voltageThdPct: distortionPct(harmonics.voltageHarmonicsV),
    currentThdPct: hasCurrent ? distortionPct(harmonics.currentHarmonicsA) : NaN,
    voltageCrestFactor: voltagePeak / voltageRms,
    currentCrestFactor: currentPeak / currentRms,
    voltageHarmonicsV: harmonics.voltageHarmonicsV,
    currentHarmonicsA: harmonics.currentHarmonicsA,
    voltageHarmonicPhasesRad: harmonics.voltageHarmonicPhasesRad,
    currentHarmonicPhasesRad: harmonics.currentHarmonicPhasesRad,
  };
  if (samples.residualCurrentMa !== undefined) reading.residualCurrentMa = rms(samples.residualCurrentMa);
  return reading;
}

type MutableReading = { -readonly [Field in keyof CycleReading]: CycleReading[Field] };

/** The four arrays of a reading, with NaN where nothing was measured. */
export type HarmonicArrays = Pick<
  CycleReading,
  'voltageHarmonicsV' | 'currentHarmonicsA' | 'voltageHarmonicPhasesRad' | 'currentHarmonicPhasesRad'
>;

const BINS = HIGHEST_HARMONIC + 1;

/** Harmonic arrays that know nothing yet. They share one buffer: four of their own cost three times as much. */
export function emptyHarmonics(): HarmonicArrays {
  const all = new Float64Array(4 * BINS).fill(NaN);
  return {
    voltageHarmonicsV: all.subarray(0, BINS),
    currentHarmonicsA: all.subarray(BINS, 2 * BINS),
    voltageHarmonicPhasesRad: all.subarray(2 * BINS, 3 * BINS),
    currentHarmonicPhasesRad: all.subarray(3 * BINS, 4 * BINS),
  };
}

/** Readings that share one buffer: a kept reading keeps 10 KB, a reading costs 0.5 µs instead of 1.3. */
const READINGS_PER_BUFFER = 8;

/** As `emptyHarmonics`, for a stream: several readings share one buffer, because allocating one is what costs. */
export function createHarmonicsAllocator(): () => HarmonicArrays {
  let buffer = new ArrayBuffer(0);
  let used = READINGS_PER_BUFFER;
  return () => {
    if (used === READINGS_PER_BUFFER) {
      buffer = new Float64Array(READINGS_PER_BUFFER * 4 * BINS).fill(NaN).buffer;
      used = 0;
    }
    const at = used++ * 4 * BINS * Float64Array.BYTES_PER_ELEMENT;
    const next = BINS * Float64Array.BYTES_PER_ELEMENT;
    return {
      voltageHarmonicsV: new Float64Array(buffer, at, BINS),
      currentHarmonicsA: new Float64Array(buffer, at + next, BINS),
      voltageHarmonicPhasesRad: new Float64Array(buffer, at + 2 * next, BINS),
      currentHarmonicPhasesRad: new Float64Array(buffer, at + 3 * next, BINS),
    };
  };
}

/** Distortion of harmonics 2..40 relative to harmonic 1, per cent; harmonics that are NaN count as not measured. */
export function distortionPct(harmonics: Float64Array): number {
  let squares = 0;
  for (let h = 2; h < harmonics.length; h++) {
    const magnitude = harmonics[h] as number;
    if (magnitude === magnitude) squares += magnitude * magnitude;
  }
  return (100 * Math.sqrt(squares)) / (harmonics[1] as number);
}

/** Fills the arrays; false when the voltage of this very cycle has no fundamental to refer to. */
function analyseHarmonics(
  samples: CycleSamples,
  context: CycleContext,
  plan: PairHarmonics,
  target: HarmonicArrays,
  currentRms: number,
): boolean {
  // Both signals share one transform, so a NaN in the current would reach the voltage: leave such a current out.
  const currentKnown = currentRms < Infinity;
  plan.analyse(samples.voltageV, currentKnown ? samples.currentA : new Float64Array(plan.samplesPerCycle));
  const cos = plan.firstCos[1] as number;
  const sin = plan.firstSin[1] as number;
  if (!(Math.sqrt(cos * cos + sin * sin) >= context.leastVoltageV)) return false;
  const referenceRad = Math.atan2(cos, sin);
  // A tone at the Nyquist frequency itself is not measurable: its sine part is lost.
  const count = Math.min(HIGHEST_HARMONIC, Math.ceil(context.frameCount / 2) - 1);
  toPolar(plan.firstCos, plan.firstSin, count, referenceRad, target.voltageHarmonicsV, target.voltageHarmonicPhasesRad);
  if (currentKnown) {
    toPolar(
      plan.secondCos,
      plan.secondSin,
      count,
      referenceRad,
      target.currentHarmonicsA,
      target.currentHarmonicPhasesRad,
    );
  }
  return true;
}

function toPolar(
  cos: Float64Array,
  sin: Float64Array,
  count: number,
  referenceRad: number,
  magnitude: Float64Array,
  phaseRad: Float64Array,
): void {
  magnitude[0] = cos[0] as number;
  phaseRad[0] = 0;
  for (let h = 1; h <= count; h++) {
    const c = cos[h] as number;
    const s = sin[h] as number;
    magnitude[h] = Math.sqrt(c * c + s * s);
    const angle = Math.atan2(c, s) - h * referenceRad;
    phaseRad[h] = angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
  }
}
