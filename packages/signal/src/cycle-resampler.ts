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
        const last = Math.min(from + GROUP, inputs.length) - 1;
        const interpolate = last === from + 2 ? interpolateThree : interpolateTwo;
        const fill = ratio > DECIMATING_RATIO ? decimate : interpolate;
        fill(kernel, inputs, outputs, from, last, startIndex, startFraction, ratio);
      }
    },
  };
}

/** Signals in one pass over the weights; a fourth would cost as much as in a pass of its own. */
const GROUP = 3;

/**
 * Signals `from` to `last`, one or two (then the one stands twice), in one pass over the weights. Two sums each: a single
 * sum waits for every addition. Positions are truncated to 32 bits: what is no whole number to the compiler is converted
 * at each access.
 */
function interpolateTwo(
  { taps, rows, slopes }: InterpolationKernel,
  inputs: readonly Float32Array[],
  outputs: readonly Float64Array[],
  from: number,
  last: number,
  startIndex: number,
  startFraction: number,
  ratio: number,
): void {
  const first = inputs[from] as Float32Array;
  const second = inputs[last] as Float32Array;
  const firstPoints = outputs[from] as Float64Array;
  const secondPoints = outputs[last] as Float64Array;
  for (let point = 0; point < firstPoints.length; point++) {
    const position = startFraction + point * ratio;
    const whole = position | 0;
    const place = (position - whole) * KERNEL_STEPS;
    const step = Math.min(place | 0, KERNEL_STEPS - 1);
    const blend = place - step;
    let weight = step * taps;
    let frame = (startIndex + whole - taps / 2 + 1) | 0;
    let firstEven = 0;
    let firstOdd = 0;
    let secondEven = 0;
    let secondOdd = 0;
    for (let tap = 0; tap < taps; tap += 2) {
      const even = (rows[weight] as number) + blend * (slopes[weight] as number);
      const odd = (rows[weight + 1] as number) + blend * (slopes[weight + 1] as number);
      firstEven += (first[frame] as number) * even;
      firstOdd += (first[frame + 1] as number) * odd;
      secondEven += (second[frame] as number) * even;
      secondOdd += (second[frame + 1] as number) * odd;
      weight += 2;
      frame += 2;
    }
    firstPoints[point] = firstEven + firstOdd;
    secondPoints[point] = secondEven + secondOdd;
  }
}

/** The weights are half of the work: a third signal in the same pass costs a third of a pass of its own. */
function interpolateThree(
  { taps, rows, slopes }: InterpolationKernel,
  inputs: readonly Float32Array[],
  outputs: readonly Float64Array[],
  from: number,
  last: number,
  startIndex: number,
  startFraction: number,
  ratio: number,
): void {
  const first = inputs[from] as Float32Array;
  const second = inputs[from + 1] as Float32Array;
  const third = inputs[last] as Float32Array;
  const firstPoints = outputs[from] as Float64Array;
  const secondPoints = outputs[from + 1] as Float64Array;
  const thirdPoints = outputs[last] as Float64Array;
  for (let point = 0; point < firstPoints.length; point++) {
    const position = startFraction + point * ratio;
    const whole = position | 0;
    const place = (position - whole) * KERNEL_STEPS;
    const step = Math.min(place | 0, KERNEL_STEPS - 1);
    const blend = place - step;
    let weight = step * taps;
    let frame = (startIndex + whole - taps / 2 + 1) | 0;
    let firstEven = 0;
    let firstOdd = 0;
    let secondEven = 0;
    let secondOdd = 0;
    let thirdEven = 0;
    let thirdOdd = 0;
    for (let tap = 0; tap < taps; tap += 2) {
      const even = (rows[weight] as number) + blend * (slopes[weight] as number);
      const odd = (rows[weight + 1] as number) + blend * (slopes[weight + 1] as number);
      firstEven += (first[frame] as number) * even;
      firstOdd += (first[frame + 1] as number) * odd;
      secondEven += (second[frame] as number) * even;
      secondOdd += (second[frame + 1] as number) * odd;
      thirdEven += (third[frame] as number) * even;
      thirdOdd += (third[frame + 1] as number) * odd;
      weight += 2;
      frame += 2;
    }
    firstPoints[point] = firstEven + firstOdd;
    secondPoints[point] = secondEven + secondOdd;
    thirdPoints[point] = thirdEven + thirdOdd;
  }
}

/** The kernel `ratio` times as wide: interpolation and low pass in one. Of fewer than three signals the last stands twice. */
function decimate(
  { taps, profile }: InterpolationKernel,
  inputs: readonly Float32Array[],
  outputs: readonly Float64Array[],
  from: number,
  last: number,
  startIndex: number,
  startFraction: number,
  ratio: number,
): void {
  const middle = Math.min(from + 1, last);
  const first = inputs[from] as Float32Array;
  const second = inputs[middle] as Float32Array;
  const third = inputs[last] as Float32Array;
  const scale = KERNEL_STEPS / ratio;
  const reach = Math.floor((taps / 2) * ratio);
  const farthest = (taps / 2) * KERNEL_STEPS;
  const points = (outputs[from] as Float64Array).length;
  for (let point = 0; point < points; point++) {
    const exact = startFraction + point * ratio;
    const whole = exact | 0;
    const fraction = exact - whole;
    const index = (startIndex + whole) | 0;
    let weightSum = 0;
    let firstSum = 0;
    let secondSum = 0;
    let thirdSum = 0;
    for (let offset = -reach; offset <= reach; offset++) {
      const position = Math.min(Math.abs(offset - fraction) * scale, farthest);
      const step = position | 0;
      const near = profile[step] as number;
      const weight = near + (position - step) * ((profile[step + 1] as number) - near);
      weightSum += weight;
      firstSum += (first[index + offset] as number) * weight;
      secondSum += (second[index + offset] as number) * weight;
      thirdSum += (third[index + offset] as number) * weight;
    }
    (outputs[from] as Float64Array)[point] = firstSum / weightSum;
    (outputs[middle] as Float64Array)[point] = secondSum / weightSum;
    (outputs[last] as Float64Array)[point] = thirdSum / weightSum;
  }
}
