import { interpolationKernel, KERNEL_STEPS } from './interpolation-kernel.ts';
import type { InterpolationKernel } from './interpolation-kernel.ts';

/** A plan that turns a cycle of any fractional length into a fixed number of points. */
export type CycleResampler = {
  /** Input frames that must exist before the cycle's first and after its last point. */
  readonly marginFrames: number;
  /**
   * Fills the output of each input with its points at startIndex + startFraction + j·frameCount/samplesPerCycle,
   * j = 0..samplesPerCycle - 1; further outputs are left alone. Allocates nothing. A NaN reaches every point within
   * marginFrames of it. The caller keeps startIndex >= marginFrames, startFraction within 0..1 and as many frames behind
   * the cycle.
   */
  resample(
    inputs: readonly Float32Array[],
    startIndex: number,
    startFraction: number,
    frameCount: number,
    outputs: readonly Float64Array[],
  ): void;
};

/** From this many frames per point on, what the input can carry would alias onto harmonics 1..40 of 128 points. */
const DECIMATING_RATIO = 1.375;

/**
 * Plans the resampling of mains cycles of about `framesPerCycle` input frames to `samplesPerCycle` points.
 *
 * Windowed sinc of 16 frames (32 below 122 frames per cycle); the error for harmonics 1..40 stays below -80 dB of each
 * harmonic where it is below 0.65 (0.8) of the Nyquist frequency: interpolation-kernel.ts. From 1.375 frames per point
 * on the kernel widens with the ratio, so that what lies above the output's band is stopped by 80 dB before it could
 * alias onto harmonics 1..40; below that ratio nothing the input can carry aliases onto them.
 */
export function createCycleResampler(framesPerCycle: number, samplesPerCycle: number): CycleResampler {
  const kernel = interpolationKernel(framesPerCycle < 122 ? 32 : 16);
  // A window that bridges to the first locked cycle may be 1.7 times the nominal length.
  const widest = Math.max(1, (1.75 * framesPerCycle) / samplesPerCycle);
  return {
    marginFrames: Math.ceil((kernel.taps / 2) * widest) + 2,
    resample(inputs, startIndex, startFraction, frameCount, outputs) {
      const ratio = frameCount / samplesPerCycle;
      for (let from = 0; from < inputs.length; from += GROUP) {
        // Of fewer than three the last one stands twice.
        const last = Math.min(from + GROUP, inputs.length) - 1;
        const middle = Math.min(from + 1, last);
        const first = inputs[from] as Float32Array;
        const second = inputs[middle] as Float32Array;
        const third = inputs[last] as Float32Array;
        const firstPoints = outputs[from] as Float64Array;
        const secondPoints = outputs[middle] as Float64Array;
        const thirdPoints = outputs[last] as Float64Array;
        for (let point = 0; point < samplesPerCycle; point++) {
          const position = startFraction + point * ratio;
          const whole = Math.floor(position);
          const fraction = position - whole;
          const index = startIndex + whole;
          if (ratio > DECIMATING_RATIO) {
            decimate(
              kernel,
              ratio,
              first,
              second,
              third,
              index,
              fraction,
              firstPoints,
              secondPoints,
              thirdPoints,
              point,
            );
          } else if (last === middle) {
            interpolate(kernel, first, second, index, fraction, firstPoints, secondPoints, point);
          } else {
            interpolateThree(
              kernel,
              first,
              second,
              third,
              index,
              fraction,
              firstPoints,
              secondPoints,
              thirdPoints,
              point,
            );
          }
        }
      }
    },
  };
}

/** Signals in one pass over the weights; a fourth would cost as much as in a pass of its own. */
const GROUP = 3;

/** Both signals in one pass over the weights, two sums each: a single sum waits for every addition. */
function interpolate(
  kernel: InterpolationKernel,
  first: Float32Array,
  second: Float32Array,
  index: number,
  fraction: number,
  firstPoints: Float64Array,
  secondPoints: Float64Array,
  point: number,
): void {
  const { taps, rows } = kernel;
  const position = fraction * KERNEL_STEPS;
  const step = Math.min(Math.floor(position), KERNEL_STEPS - 1);
  const blend = position - step;
  let lower = step * taps;
  let frame = index - (taps / 2 - 1);
  let firstEven = 0;
  let firstOdd = 0;
  let secondEven = 0;
  let secondOdd = 0;
  for (let tap = 0; tap < taps; tap += 2) {
    const evenRow = rows[lower] as number;
    const oddRow = rows[lower + 1] as number;
    const even = evenRow + blend * ((rows[lower + taps] as number) - evenRow);
    const odd = oddRow + blend * ((rows[lower + taps + 1] as number) - oddRow);
    firstEven += (first[frame] as number) * even;
    firstOdd += (first[frame + 1] as number) * odd;
    secondEven += (second[frame] as number) * even;
    secondOdd += (second[frame + 1] as number) * odd;
    lower += 2;
    frame += 2;
  }
  firstPoints[point] = firstEven + firstOdd;
  secondPoints[point] = secondEven + secondOdd;
}

/** The weights are half of the work: a third signal in the same pass costs a third of a pass of its own. */
function interpolateThree(
  kernel: InterpolationKernel,
  first: Float32Array,
  second: Float32Array,
  third: Float32Array,
  index: number,
  fraction: number,
  firstPoints: Float64Array,
  secondPoints: Float64Array,
  thirdPoints: Float64Array,
  point: number,
): void {
  const { taps, rows } = kernel;
  const position = fraction * KERNEL_STEPS;
  const step = Math.min(Math.floor(position), KERNEL_STEPS - 1);
  const blend = position - step;
  let lower = step * taps;
  let frame = index - (taps / 2 - 1);
  let firstEven = 0;
  let firstOdd = 0;
  let secondEven = 0;
  let secondOdd = 0;
  let thirdEven = 0;
  let thirdOdd = 0;
  for (let tap = 0; tap < taps; tap += 2) {
    const evenRow = rows[lower] as number;
    const oddRow = rows[lower + 1] as number;
    const even = evenRow + blend * ((rows[lower + taps] as number) - evenRow);
    const odd = oddRow + blend * ((rows[lower + taps + 1] as number) - oddRow);
    firstEven += (first[frame] as number) * even;
    firstOdd += (first[frame + 1] as number) * odd;
    secondEven += (second[frame] as number) * even;
    secondOdd += (second[frame + 1] as number) * odd;
    thirdEven += (third[frame] as number) * even;
    thirdOdd += (third[frame + 1] as number) * odd;
    lower += 2;
    frame += 2;
  }
  firstPoints[point] = firstEven + firstOdd;
  secondPoints[point] = secondEven + secondOdd;
  thirdPoints[point] = thirdEven + thirdOdd;
}

/** The kernel `widening` times as wide: interpolation and low pass in one. */
function decimate(
  kernel: InterpolationKernel,
  widening: number,
  first: Float32Array,
  second: Float32Array,
  third: Float32Array,
  index: number,
  fraction: number,
  firstPoints: Float64Array,
  secondPoints: Float64Array,
  thirdPoints: Float64Array,
  point: number,
): void {
  const { profile } = kernel;
  const scale = KERNEL_STEPS / widening;
  const reach = Math.floor((kernel.taps / 2) * widening);
  const farthest = (kernel.taps / 2) * KERNEL_STEPS;
  let weightSum = 0;
  let firstSum = 0;
  let secondSum = 0;
  let thirdSum = 0;
  for (let offset = -reach; offset <= reach; offset++) {
    const position = Math.min(Math.abs(offset - fraction) * scale, farthest);
    const step = Math.floor(position);
    const near = profile[step] as number;
    const weight = near + (position - step) * ((profile[step + 1] as number) - near);
    weightSum += weight;
    firstSum += (first[index + offset] as number) * weight;
    secondSum += (second[index + offset] as number) * weight;
    thirdSum += (third[index + offset] as number) * weight;
  }
  firstPoints[point] = firstSum / weightSum;
  secondPoints[point] = secondSum / weightSum;
  thirdPoints[point] = thirdSum / weightSum;
}
