import { checkPositive } from './argument-checks.ts';

/** Nominal mains frequency. */
export type MainsHz = 50 | 60;

/** Below this a cycle holds too few samples to separate the fundamental from its harmonics and images. */
export const LEAST_FRAMES_PER_CYCLE = 32;

/**
 * Nominal frames per mains cycle, fractional.
 *
 * Throws RangeError when the mains frequency is neither 50 nor 60 Hz or when a cycle has fewer than 32 frames.
 */
export function nominalFramesPerCycle(caller: string, sampleRateHz: number, mainsHz: MainsHz): number {
  checkPositive(caller, 'sampleRateHz', sampleRateHz);
  // Checked although typed: the value comes from files and configuration.
  if (mainsHz !== 50 && mainsHz !== 60) {
    throw new RangeError(`${caller}: mainsHz is ${String(mainsHz)}; expected 50 or 60`);
  }
  const framesPerCycle = sampleRateHz / mainsHz;
  if (framesPerCycle < LEAST_FRAMES_PER_CYCLE) {
    throw new RangeError(
      `${caller}: sampleRateHz is ${sampleRateHz}, ${framesPerCycle.toFixed(1)} samples per cycle of ${mainsHz} Hz; ` +
        `expected at least ${LEAST_FRAMES_PER_CYCLE * mainsHz} Hz (${LEAST_FRAMES_PER_CYCLE} samples per cycle)`,
    );
  }
  return framesPerCycle;
}
