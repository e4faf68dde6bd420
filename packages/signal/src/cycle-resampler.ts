import { createInterpolationKernel } from './interpolation-kernel.ts';

/** A plan that turns a cycle of any fractional length into a fixed number of points. */
export type CycleResampler = {
  /** Input frames that must exist before the cycle's first and after its last point. */
  readonly marginFrames: number;
  /**
   * Fills `outputs[c]` with points at startIndex + startFraction + j·frameCount/samplesPerCycle of `inputs[c]`.
   *
   * All inputs share one time axis; the outputs hold samplesPerCycle numbers each. Allocates nothing. A NaN reaches
   * every point within marginFrames of it. The caller keeps startIndex >= marginFrames and enough frames behind.
   */
  resample(
    inputs: readonly Float64Array[],
    startIndex: number,
    startFraction: number,
    frameCount: number,
    outputs: readonly Float64Array[],
  ): void;
};

/**
 * Plans the resampling of mains cycles of about `framesPerCycle` input frames to `samplesPerCycle` points.
 *
 * Windowed sinc of 16 frames (32 below 122 frames per cycle); the error for harmonics 1..40 stays below -80 dB of each
 * harmonic where it is below 0.65 (0.8) of the Nyquist frequency: interpolation-kernel.ts. From 1.375·samplesPerCycle
 * frames on the kernel widens with the ratio, so that what lies above the output's band is stopped by 80 dB before it
 * could alias onto harmonics 1..40; below that ratio nothing the input can carry aliases onto them.
 */
export function createCycleResampler(framesPerCycle: number, samplesPerCycle: number): CycleResampler {
  const kernel = createInterpolationKernel(framesPerCycle < 122 ? 32 : 16);
  const half = kernel.taps / 2;
  // A mains cycle may be 1.5 times the nominal length (a window that bridges to the first locked cycle).
  const widest = Math.max(1, (1.5 * framesPerCycle) / samplesPerCycle);
  const marginFrames = Math.ceil(half * widest) + 1;
  const weights = new Float64Array(2 * marginFrames + 2);

  return {
    marginFrames,
    resample(inputs, startIndex, startFraction, frameCount, outputs) {
      const ratio = frameCount / samplesPerCycle;
      const widening = ratio > 1.375 ? ratio : 1;
      for (let point = 0; point < samplesPerCycle; point++) {
        const position = startFraction + point * ratio;
        const whole = Math.floor(position);
        const reach = widening === 1 ? half - 1 : Math.floor(half * widening);
        const count = widening === 1 ? kernel.taps : 2 * reach + 2;
        if (widening === 1) kernel.narrow(position - whole, weights);
        else kernel.wide(position - whole + reach, widening, count, weights);
        const first = startIndex + whole - reach;
        for (let channel = 0; channel < inputs.length; channel++) {
          const output = outputs[channel] as Float64Array;
          output[point] = dot(inputs[channel] as Float64Array, first, weights, count);
        }
      }
    },
  };
}

function dot(input: Float64Array, first: number, weights: Float64Array, count: number): number {
  let sum = 0;
  for (let tap = 0; tap < count; tap++) sum += (input[first + tap] as number) * (weights[tap] as number);
  return sum;
}
