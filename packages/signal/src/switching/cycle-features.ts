import type { CycleReading } from '../cycle-reading.ts';
import { CURRENT_IN_PHASE, CURRENT_QUADRATURE } from '../harmonic-phasors.ts';

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
  const { harmonicPhasors } = reading;
  for (let order = 1; order <= HIGHEST_ORDER; order++) {
    const inPhaseA = harmonicPhasors[CURRENT_IN_PHASE + order] as number;
    const quadratureA = harmonicPhasors[CURRENT_QUADRATURE + order] as number;
    const isKnown = inPhaseA === inPhaseA;
    target[offset + 2 * order - 2] = isKnown ? inPhaseA : 0;
    target[offset + 2 * order - 1] = isKnown ? quadratureA : 0;
  }
}
