import { kaiser } from './kaiser.ts';

/** What the detector saw around one frame. */
export type FundamentalMeasurement = {
  /** Phase of the fundamental at the centre, -π..π; 0 where it crosses zero rising. NaN when a sample is NaN. */
  phaseRad: number;
  /** Rms of the fundamental; up to 20 % low at the ends of the frequency range (the window's pass band). */
  rms: number;
  /** Power of the fundamental over the power of everything but dc: 1 for a sine, near 0 for noise. */
  coherence: number;
};

/** A plan that measures the fundamental around a frame; `measure` overwrites and returns the same record. */
export type FundamentalDetector = {
  /** Frames needed on each side of the centre. */
  readonly halfFrames: number;
  measure(samples: Float32Array, centreIndex: number): FundamentalMeasurement;
};

const CYCLES = 5;
// First null at 3.2 bins of 1/(5 cycles): 0.63 of the mains frequency. For every fundamental within ±17 % of nominal
// this leaves the image at the negative frequency and all harmonics in the stop band (below -69 dB), and dc on a null
// (5² = 3² + 4²).
const BETA = 3 * Math.PI;

/**
 * Plans a five-cycle Kaiser-windowed correlation with the nominal mains frequency.
 *
 * The window is symmetric, so a fundamental off the nominal frequency loses amplitude but keeps its phase at the
 * centre; harmonics, dc and zero crossings they add do not count. Amplitude steps keep the phase too: both sides have
 * the same one.
 */
export function createFundamentalDetector(framesPerCycle: number): FundamentalDetector {
  const { halfFrames, weight, cosine, sine, weightSum } = tablesOf(framesPerCycle);
  const measurement: FundamentalMeasurement = { phaseRad: NaN, rms: NaN, coherence: NaN };

  return {
    halfFrames,
    measure(samples, centreIndex) {
      const centre = samples[centreIndex] as number;
      let even = (cosine[0] as number) * centre;
      let odd = 0;
      let sum = (weight[0] as number) * centre;
      let squares = (weight[0] as number) * centre * centre;
      for (let n = 1; n <= halfFrames; n++) {
        const after = samples[centreIndex + n] as number;
        const before = samples[centreIndex - n] as number;
        const both = after + before;
        even += (cosine[n] as number) * both;
        odd += (sine[n] as number) * (after - before);
        sum += (weight[n] as number) * both;
        squares += (weight[n] as number) * (after * after + before * before);
      }
      const mean = sum / weightSum;
      const power = squares / weightSum - mean * mean;
      const fundamentalPower = (2 * (even * even + odd * odd)) / (weightSum * weightSum);
      measurement.phaseRad = Math.atan2(even, odd);
      measurement.rms = Math.sqrt(fundamentalPower);
      measurement.coherence = fundamentalPower / power;
      return measurement;
    },
  };
}

type Tables = {
  readonly halfFrames: number;
  readonly weight: Float64Array;
  readonly cosine: Float64Array;
  readonly sine: Float64Array;
  readonly weightSum: number;
};

/** All circuits of a terminal are sampled alike: they share the tables. */
const tables = new Map<number, Tables>();
/** A process that reads recordings of many rates must not keep them all. */
const MOST_TABLES = 8;

function tablesOf(framesPerCycle: number): Tables {
  const known = tables.get(framesPerCycle);
  if (known !== undefined) return known;
  const halfFrames = Math.round((CYCLES / 2) * framesPerCycle);
  const weight = new Float64Array(halfFrames + 1);
  const cosine = new Float64Array(halfFrames + 1);
  const sine = new Float64Array(halfFrames + 1);
  let weightSum = 0;
  for (let n = 0; n <= halfFrames; n++) {
    const angle = (2 * Math.PI * n) / framesPerCycle;
    const value = kaiser(n / (halfFrames + 1), BETA);
    weight[n] = value;
    cosine[n] = value * Math.cos(angle);
    sine[n] = value * Math.sin(angle);
    weightSum += n === 0 ? value : 2 * value;
  }
  const made = { halfFrames, weight, cosine, sine, weightSum };
  if (tables.size >= MOST_TABLES) tables.clear();
  tables.set(framesPerCycle, made);
  return made;
}
