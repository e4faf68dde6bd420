import { kaiserLowpass } from './kaiser-lowpass.ts';

/**
 * The anti-alias filter between the simulation's step and the sample rate asked for.
 *
 * 16 taps per output sample. At the output rate fs: flat within 0.01 dB up to 0.36 fs (2.3 kHz at 6.4 kHz), at least
 * 60 dB down from 0.64 fs, so nothing folds back below 0.36 fs. Linear phase: the delay is `halfTaps` steps and the
 * board takes it out again by simulating that far ahead.
 */
export type DecimatorPlan = {
  readonly factor: number;
  readonly halfTaps: number;
  readonly taps: Float64Array;
  /** The same low-pass followed by a central difference, per second: yields dv/dt without a phase error. */
  readonly slopeTaps: Float64Array;
};

/** Plan for `factor` steps (≥ 2) per output sample at `stepRateHz`. */
export function planDecimator(factor: number, stepRateHz: number): DecimatorPlan {
  const lowpass = kaiserLowpass(16 * factor - 1, 0.5 / factor, 5.9);
  const taps = new Float64Array(lowpass.length + 2);
  taps.set(lowpass, 1);
  const slopeTaps = taps.map((_, k) => ((taps[k + 1] ?? 0) - (taps[k - 1] ?? 0)) * 0.5 * -stepRateHz);
  return { factor, halfTaps: (taps.length - 1) / 2, taps, slopeTaps };
}

/** One filter output: `taps` over `steps[from … from + taps.length − 1]`. The caller guarantees the range. */
export function convolveAt(taps: Float64Array, steps: Float64Array, from: number): number {
  let sum = 0;
  for (let k = 0; k < taps.length; k++) sum += (taps[k] as number) * (steps[from + k] as number);
  return sum;
}
