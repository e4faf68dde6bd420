import type { CurrentWave } from './current-wave.ts';
import {
  CURRENT_IN_PHASE,
  CURRENT_QUADRATURE,
  distortionOf,
  HarmonicPhasors,
  magnitudeOf,
  PHASOR_COUNT,
  VOLTAGE_IN_PHASE,
} from './harmonic-phasors.ts';
import type { VoltageCycle } from './voltage-cycle.ts';

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

/** What a reading needs beside voltage and current. */
export type CycleContext = {
  startFrame: number;
  frameCount: number;
  readonly sampleRateHz: number;
  /** Current rms below which ratios of the current are noise. */
  readonly currentNoiseFloorA: number;
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

  /**
   * Takes the quantities of one cycle; allocates nothing. `cos` and `sin` are the harmonics of the current, not looked at
   * where the voltage is not locked or the current is not finite.
   */
  take(context: CycleContext, voltage: VoltageCycle, wave: CurrentWave, cos: Float64Array, sin: Float64Array): void {
    const phasors = this.harmonicPhasors;
    const { locked } = voltage;
    this.forgetPolar();
    phasors.set(voltage.phasors, VOLTAGE_IN_PHASE);
    if (locked && wave.rms < Infinity) voltage.turn(cos, sin, phasors, CURRENT_IN_PHASE);
    else phasors.fill(NaN, CURRENT_IN_PHASE);
    const hasCurrent = locked && wave.rms >= context.currentNoiseFloorA;
    const inPhaseA = phasors[CURRENT_IN_PHASE + 1] as number;
    const quadratureA = phasors[CURRENT_QUADRATURE + 1] as number;
    this.startFrame = context.startFrame;
    this.frameCount = context.frameCount;
    this.locked = locked;
    this.frequencyHz = locked ? context.sampleRateHz / context.frameCount : NaN;
    this.voltageV = voltage.rms;
    this.currentA = wave.rms;
    this.activePowerW = wave.activePowerW;
    this.reactivePowerVar = -voltage.fundamentalV * quadratureA;
    this.apparentPowerVa = voltage.rms * wave.rms;
    this.powerFactor = hasCurrent ? this.activePowerW / this.apparentPowerVa : NaN;
    this.displacementPowerFactor = hasCurrent ? inPhaseA / magnitudeOf(phasors, CURRENT_IN_PHASE + 1) : NaN;
    this.voltageThdPct = voltage.thdPct;
    this.currentThdPct = hasCurrent ? distortionOf(phasors, CURRENT_IN_PHASE) : NaN;
    this.voltageCrestFactor = voltage.crestFactor;
    this.currentCrestFactor = wave.crestFactor;
  }
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
