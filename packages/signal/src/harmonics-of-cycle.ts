import { createCycleResampler } from './cycle-resampler.ts';
import { createPairHarmonics, HIGHEST_HARMONIC } from './pair-harmonics.ts';

/** Harmonics 0..40 of one cycle. */
export type CycleHarmonics = {
  /** Rms of each harmonic, in the unit of the samples; index = harmonic, index 0 = signed mean (dc). */
  readonly rms: Float64Array;
  /** Phase in rad, -π..π: harmonic h is sqrt(2)·rms·sin(h·θ + phase), θ = 0 at the start of the cycle. Index 0: 0. */
  readonly phaseRad: Float64Array;
  /** Distortion relative to the fundamental rms, per cent, harmonics 2..40 as far as they are known. */
  readonly thdPct: number;
};

/** Where the cycle lies. */
export type CyclePlace = {
  /** First frame of the cycle, from the first sample; may be fractional. */
  readonly startFrame: number;
  /** Length of the cycle in frames (sampling rate over mains frequency); may be fractional; at least 32. */
  readonly frameCount: number;
};

const POINTS = 256;

/**
 * Harmonics of the one cycle of `samples` that `place` names: the cycle under a cursor.
 *
 * The cycle is interpolated to 256 points (cycle-resampler.ts), so it needs no window and no whole number of samples.
 * Beyond the ends of `samples` the signal is taken as periodic. Harmonics at or above the Nyquist frequency are NaN.
 * Throws RangeError when the cycle is not inside the samples or has fewer than 32 frames.
 *
 * @example harmonicsOfCycle(currentA, { startFrame: 1280, frameCount: 128 }).rms[3] // third harmonic, A
 */
export function harmonicsOfCycle(samples: Float64Array, place: CyclePlace): CycleHarmonics {
  const { startFrame, frameCount } = place;
  if (!(frameCount >= 32)) {
    throw new RangeError(`harmonicsOfCycle: frameCount is ${frameCount}; expected at least 32 frames per cycle`);
  }
  if (!(startFrame >= 0 && startFrame + frameCount <= samples.length)) {
    throw new RangeError(
      `harmonicsOfCycle: cycle [${startFrame}, ${startFrame + frameCount}) is not inside 0..${samples.length}`,
    );
  }
  const resampler = createCycleResampler(frameCount, POINTS);
  const surroundings = cutWithMargin(samples, startFrame, frameCount, resampler.marginFrames);
  const points = new Float64Array(POINTS);
  const fraction = startFrame - Math.floor(startFrame);
  resampler.resample([surroundings], resampler.marginFrames, fraction, frameCount, [points]);
  const plan = createPairHarmonics(POINTS);
  plan.analyse(points, new Float64Array(POINTS));
  return toPolar(plan.firstCos, plan.firstSin, frameCount / 2);
}

/** The cycle with `margin` frames on both sides; beyond the ends the signal one period away stands in. */
function cutWithMargin(samples: Float64Array, startFrame: number, frameCount: number, margin: number): Float32Array {
  const from = Math.floor(startFrame) - margin;
  const period = Math.round(frameCount);
  const cut = new Float32Array(Math.ceil(frameCount) + 2 * margin + 2);
  for (let index = 0; index < cut.length; index++) {
    let frame = from + index;
    while (frame < 0) frame += period;
    while (frame >= samples.length) frame -= period;
    cut[index] = samples[frame] ?? NaN;
  }
  return cut;
}

function toPolar(cos: Float64Array, sin: Float64Array, nyquistHarmonic: number): CycleHarmonics {
  const rms = new Float64Array(HIGHEST_HARMONIC + 1).fill(NaN);
  const phaseRad = new Float64Array(HIGHEST_HARMONIC + 1).fill(NaN);
  rms[0] = cos[0] as number;
  phaseRad[0] = 0;
  let distortion = 0;
  for (let h = 1; h <= HIGHEST_HARMONIC && h < nyquistHarmonic; h++) {
    rms[h] = Math.hypot(cos[h] as number, sin[h] as number);
    phaseRad[h] = Math.atan2(cos[h] as number, sin[h] as number);
    if (h > 1) distortion += (rms[h] as number) ** 2;
  }
  return { rms, phaseRad, thdPct: (100 * Math.sqrt(distortion)) / (rms[1] as number) };
}
