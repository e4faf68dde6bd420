/** Resamples a stretch of a stream to a fixed number of points. */
export type HalfCycleResampler = {
  /** Frames beyond the last and before the first point that it reads. */
  readonly reachFrames: number;
  /** Points of `output` at index + offset + n·frameCount / length, n = 0 … length - 1. */
  resample(input: Float64Array, index: number, offset: number, frameCount: number, output: Float64Array): void;
};

/** Frames per point above which points are averages instead of interpolated values. */
const AVERAGE_FROM = 1.5;

/**
 * Plans the resampler for a nominal length in frames.
 *
 * Few frames per point (6.4 kHz): Lagrange interpolation through six frames, half a millisecond of reach there; error
 * below 1 % up to half the Nyquist frequency. Many: an average with a raised-cosine weight of two points' width, so that
 * what lies above the points' own band does not fold back and the points of every sampling rate see the same band.
 */
export function createHalfCycleResampler(nominalFrames: number, points: number): HalfCycleResampler {
  const framesPerPoint = nominalFrames / points;
  if (framesPerPoint < AVERAGE_FROM) return { reachFrames: 4, resample: interpolate };
  // A fifth more than nominal: the widest half-cycle that the phase tracker allows.
  return { reachFrames: Math.ceil(1.25 * framesPerPoint) + 1, resample: average };
}

function interpolate(
  input: Float64Array,
  index: number,
  offset: number,
  frameCount: number,
  output: Float64Array,
): void {
  const step = frameCount / output.length;
  for (let point = 0; point < output.length; point++) {
    const position = offset + point * step;
    const whole = Math.floor(position);
    const x = position - whole;
    const at = index + whole;
    // Lagrange weights of the nodes -2 … 3.
    const a = x + 2;
    const b = x + 1;
    const c = x - 1;
    const d = x - 2;
    const e = x - 3;
    const bc = b * x * c;
    const de = d * e;
    output[point] =
      (-(input[at - 2] as number) * bc * de) / 120 +
      ((input[at - 1] as number) * a * x * c * de) / 24 -
      ((input[at] as number) * a * b * c * de) / 12 +
      ((input[at + 1] as number) * a * b * x * de) / 12 -
      ((input[at + 2] as number) * a * bc * e) / 24 +
      ((input[at + 3] as number) * a * bc * d) / 120;
  }
}

function average(input: Float64Array, index: number, offset: number, frameCount: number, output: Float64Array): void {
  const step = frameCount / output.length;
  const scale = Math.PI / step;
  for (let point = 0; point < output.length; point++) {
    const centre = offset + point * step;
    const first = Math.ceil(centre - step);
    const last = Math.floor(centre + step);
    // cos by rotation: one cosine per point instead of one per frame.
    let cosine = Math.cos((first - centre) * scale);
    let sine = Math.sin((first - centre) * scale);
    const turnCosine = Math.cos(scale);
    const turnSine = Math.sin(scale);
    let weightSum = 0;
    let sum = 0;
    for (let frame = first; frame <= last; frame++) {
      const weight = 1 + cosine;
      weightSum += weight;
      sum += weight * (input[index + frame] as number);
      const next = cosine * turnCosine - sine * turnSine;
      sine = sine * turnCosine + cosine * turnSine;
      cosine = next;
    }
    output[point] = sum / weightSum;
  }
}
