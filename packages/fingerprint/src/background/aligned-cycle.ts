import { phase, phasorsOf, shifted } from '../phasors.ts';
import type { Phasors } from '../phasors.ts';

/** One cycle on equally spaced points, roughly from the voltage's rising zero on: `CycleSamples` of the signal package. */
export type CycleWaves = { readonly voltageV: Float64Array; readonly currentA: Float64Array };

/** A cycle turned to its own voltage fundamental. */
export type AlignedCycle = {
  readonly voltage: Phasors;
  readonly current: Phasors;
  /**
   * Real and imaginary part of the current's harmonics 1 … 15 and its mean, A rms: where cycles are compared. The mean
   * and the even harmonics are what tells a cycle that was cut in its middle from one of a ramp.
   */
  readonly place: Float64Array;
};

/** Harmonics that states keep: what 128 points carry with a margin. */
export const HIGHEST_STATE_HARMONIC = 40;
/** Harmonics that cycles are compared by: those of a fingerprint. */
export const HIGHEST_COMPARED = 15;

/** Turns a cycle to its own voltage fundamental. */
export function alignedCycle(cycle: CycleWaves): AlignedCycle {
  const voltage = phasorsOf(cycle.voltageV, HIGHEST_STATE_HARMONIC);
  const angleRad = phase(voltage, 1);
  const current = shifted(phasorsOf(cycle.currentA, HIGHEST_STATE_HARMONIC), -angleRad);
  const place = new Float64Array(2 * HIGHEST_COMPARED + 1);
  place[2 * HIGHEST_COMPARED] = current.re[0] as number;
  for (let h = 1; h <= HIGHEST_COMPARED; h++) {
    place[2 * h - 2] = current.re[h] as number;
    place[2 * h - 1] = current.im[h] as number;
  }
  return { voltage: shifted(voltage, -angleRad), current, place };
}

/** Weighted mean of phasors; equal weights when none are given. */
export function meanPhasors(all: readonly Phasors[], weights?: ArrayLike<number>): Phasors {
  const re = new Float64Array(HIGHEST_STATE_HARMONIC + 1);
  const im = new Float64Array(HIGHEST_STATE_HARMONIC + 1);
  let total = 0;
  all.forEach((one, index) => {
    const weight = weights?.[index] ?? 1;
    total += weight;
    for (let h = 0; h <= HIGHEST_STATE_HARMONIC; h++) {
      (re[h] as number) += weight * (one.re[h] as number);
      (im[h] as number) += weight * (one.im[h] as number);
    }
  });
  return { re: re.map((value) => value / total), im: im.map((value) => value / total) };
}
