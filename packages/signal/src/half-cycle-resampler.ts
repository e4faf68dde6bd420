/** Two signals on one time axis. */
export type SignalPair<Samples> = { readonly voltageV: Samples; readonly currentA: Samples };

/** Resamples a stretch of a stream to a fixed number of points. */
export type HalfCycleResampler = {
  /** Frames beyond the last and before the first point that it reads. */
  readonly reachFrames: number;
  /** Points of both outputs at index + offset + n·frameCount / length, n = 0 … length - 1. */
  resample(
    input: SignalPair<Float32Array>,
    index: number,
    offset: number,
    frameCount: number,
    output: SignalPair<Float64Array>,
  ): void;
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

type Resample = HalfCycleResampler['resample'];

const interpolate: Resample = ({ voltageV, currentA }, index, offset, frameCount, output) => {
  const voltage = output.voltageV;
  const current = output.currentA;
  const step = frameCount / current.length;
  for (let point = 0; point < current.length; point++) {
    const position = offset + point * step;
    // In 32 bits: what is no whole number to the compiler is converted at each access.
    const whole = Math.floor(position) | 0;
    const x = position - whole;
    const at = (index + whole) | 0;
    // Lagrange weights of the nodes -2 … 3.
    const a = x + 2;
    const b = x + 1;
    const c = x - 1;
    const d = x - 2;
    const e = x - 3;
    const ab = a * b;
    const de = d * e;
    const xc = x * c;
    const w0 = (b * xc * de) / -120;
    const w1 = (a * xc * de) / 24;
    const w2 = (ab * c * de) / -12;
    const w3 = (ab * x * de) / 12;
    const w4 = (ab * xc * e) / -24;
    const w5 = (ab * xc * d) / 120;
    voltage[point] =
      (voltageV[at - 2] as number) * w0 +
      (voltageV[at - 1] as number) * w1 +
      (voltageV[at] as number) * w2 +
      (voltageV[at + 1] as number) * w3 +
      (voltageV[at + 2] as number) * w4 +
      (voltageV[at + 3] as number) * w5;
    current[point] =
      (currentA[at - 2] as number) * w0 +
      (currentA[at - 1] as number) * w1 +
      (currentA[at] as number) * w2 +
      (currentA[at + 1] as number) * w3 +
      (currentA[at + 2] as number) * w4 +
      (currentA[at + 3] as number) * w5;
  }
};

const average: Resample = ({ voltageV, currentA }, index, offset, frameCount, output) => {
  const step = frameCount / output.currentA.length;
  const scale = Math.PI / step;
  const turnCosine = Math.cos(scale);
  const turnSine = Math.sin(scale);
  for (let point = 0; point < output.currentA.length; point++) {
    const centre = offset + point * step;
    const first = Math.ceil(centre - step) | 0;
    const last = Math.floor(centre + step) | 0;
    // cos by rotation: one cosine per point instead of one per frame.
    let cosine = Math.cos((first - centre) * scale);
    let sine = Math.sin((first - centre) * scale);
    let weightSum = 0;
    let voltageSum = 0;
    let currentSum = 0;
    for (let frame = first; frame <= last; frame++) {
      const weight = 1 + cosine;
      weightSum += weight;
      voltageSum += weight * (voltageV[index + frame] as number);
      currentSum += weight * (currentA[index + frame] as number);
      const next = cosine * turnCosine - sine * turnSine;
      sine = sine * turnCosine + cosine * turnSine;
      cosine = next;
    }
    output.voltageV[point] = voltageSum / weightSum;
    output.currentA[point] = currentSum / weightSum;
  }
};
