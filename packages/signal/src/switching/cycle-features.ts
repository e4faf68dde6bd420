import type { CycleReading } from '../cycle-reading.ts';

/** Harmonics of the current that a cycle is compared by: beyond 11 small loads drown in noise. */
const HIGHEST_ORDER = 11;

/** Numbers per cycle: in-phase and quadrature part of harmonics 1 to 11. */
export const FEATURE_COUNT = 2 * HIGHEST_ORDER;

/**
 * Writes the cycle's current as a vector whose length is an rms in amperes and whose differences are rms of differences:
 * per harmonic the part in phase with the voltage fundamental (sine) and the part in quadrature. A harmonic that was not
 * measured (sampled too low) counts as 0 on both sides of every comparison.
 */
export function writeCycleFeatures(reading: CycleReading, target: Float32Array | Float64Array, offset: number): void {
  const { currentHarmonicsA, currentHarmonicPhasesRad } = reading;
  for (let order = 1; order <= HIGHEST_ORDER; order++) {
    const rms = currentHarmonicsA[order] as number;
    const phaseRad = currentHarmonicPhasesRad[order] as number;
    const known = rms === rms;
    target[offset + 2 * order - 2] = known ? rms * Math.cos(phaseRad) : 0;
    target[offset + 2 * order - 1] = known ? rms * Math.sin(phaseRad) : 0;
  }
}
