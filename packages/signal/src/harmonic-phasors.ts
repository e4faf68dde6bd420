import { HIGHEST_HARMONIC } from './pair-harmonics.ts';

/** Harmonics 0..40. */
export const BINS = HIGHEST_HARMONIC + 1;

/** Numbers in the phasors of one reading: for voltage and current the parts in phase and in quadrature. */
export const PHASOR_COUNT = 4 * BINS;
export const VOLTAGE_IN_PHASE = 0;
export const VOLTAGE_QUADRATURE = BINS;
export const CURRENT_IN_PHASE = 2 * BINS;
export const CURRENT_QUADRATURE = 3 * BINS;

/**
 * The harmonics of a reading: kept as phasors, because that is what every cycle is compared and averaged by, and turned
 * into magnitude and phase when somebody looks: eighty arc tangents cost more than the Fourier transform.
 */
export class HarmonicPhasors {
  /**
   * Rms of each harmonic of the voltage in phase with the voltage's fundamental (rms·cos(phase)), then in quadrature
   * (rms·sin(phase)), then both of the current; 41 numbers each, index = harmonic. Index 0: the signed mean and 0.
   * NaN where nothing was measured.
   */
  readonly harmonicPhasors: Float64Array;
  #polar: Float64Array | undefined;

  constructor(harmonicPhasors: Float64Array) {
    this.harmonicPhasors = harmonicPhasors;
  }

  get voltageHarmonicsV(): Float64Array {
    return this.#polarPart(0);
  }

  get voltageHarmonicPhasesRad(): Float64Array {
    return this.#polarPart(1);
  }

  get currentHarmonicsA(): Float64Array {
    return this.#polarPart(2);
  }

  get currentHarmonicPhasesRad(): Float64Array {
    return this.#polarPart(3);
  }

  /** To be called when the phasors were written anew. */
  protected forgetPolar(): void {
    this.#polar = undefined;
  }

  #polarPart(index: number): Float64Array {
    this.#polar ??= polarOf(this.harmonicPhasors);
    return this.#polar.subarray(index * BINS, (index + 1) * BINS);
  }
}

/** Magnitudes and phases in the order of the parts. */
function polarOf(phasors: Float64Array): Float64Array {
  const polar = new Float64Array(PHASOR_COUNT);
  for (const from of [VOLTAGE_IN_PHASE, CURRENT_IN_PHASE]) {
    polar[from] = phasors[from] as number;
    polar[from + BINS] = Number.isNaN(phasors[from]) ? NaN : 0;
    for (let at = from + 1; at < from + BINS; at++) {
      const inPhase = phasors[at] as number;
      const quadrature = phasors[at + BINS] as number;
      polar[at] = Math.sqrt(inPhase * inPhase + quadrature * quadrature);
      polar[at + BINS] = Math.atan2(quadrature, inPhase);
    }
  }
  return polar;
}

/** Distortion of harmonics 2..40 relative to harmonic 1, per cent; harmonics that are NaN count as not measured. */
export function distortionOf(phasors: Float64Array, from: number): number {
  let squares = 0;
  for (let at = from + 2; at < from + BINS; at++) {
    const inPhase = phasors[at] as number;
    const quadrature = phasors[at + BINS] as number;
    const square = inPhase * inPhase + quadrature * quadrature;
    if (square === square) squares += square;
  }
  return (100 * Math.sqrt(squares)) / magnitudeOf(phasors, from + 1);
}

/** Rms of the harmonic at an index of the in-phase part. */
export function magnitudeOf(phasors: Float64Array, at: number): number {
  const inPhase = phasors[at] as number;
  const quadrature = phasors[at + BINS] as number;
  return Math.sqrt(inPhase * inPhase + quadrature * quadrature);
}
