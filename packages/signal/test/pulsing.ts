import { phaseAt } from './synthesise.ts';
import type { SignalRecipe } from './synthesise.ts';

/** A load that pulses between two strengths. */
export type PulseRecipe = {
  /** First frame of the first pulse, and one past the last frame on which it may be high. */
  readonly from: number;
  readonly to: number;
  readonly periodFrames: number;
  /** Share of the period on the upper level, 0..1. */
  readonly duty: number;
  /** Rms of the fundamental on the upper level. */
  readonly currentA: number;
  /** The lower level over the upper one. Default 0. */
  readonly lowRatio?: number;
};

/**
 * A hob that switches its inverter on and off: current in phase with the voltage and a third harmonic of 8 %, as a bridge
 * without a large capacitor draws it, beside 0.3 A of filter capacitor that is always there.
 */
export function pulsingA(mains: SignalRecipe, pulse: PulseRecipe): Float64Array {
  const { from, to, periodFrames, duty, currentA, lowRatio = 0 } = pulse;
  return Float64Array.from({ length: mains.frames }, (_, frame) => {
    const theta = phaseAt(mains, frame);
    const isHigh = frame >= from && frame < to && (frame - from) % periodFrames < duty * periodFrames;
    const shape = Math.sin(theta) - 0.08 * Math.sin(3 * theta);
    return Math.SQRT2 * ((isHigh ? 1 : lowRatio) * currentA * shape + 0.3 * Math.cos(theta));
  });
}
