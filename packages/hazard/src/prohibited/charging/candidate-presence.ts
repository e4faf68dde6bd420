import { offMismatch, ownSizeVa, presentPowerW, stepSizeVa } from './charging-candidate.ts';
import type { ChargingCandidate } from './charging-candidate.ts';
import { stepDistance } from './known-pulses.ts';
import { differenceOf, powerOf } from './step-power.ts';
import { DIMENSIONS, FIRST_HARMONIC } from './step-watch.ts';
import type { CircuitStep } from './step-watch.ts';

/** Mismatch of the phasors of a step down up to which it is the candidate's own. */
const SAME_LOAD = 0.2;

/** A step in which the candidate's own filter sees its size go, with power to go along. */
export function isOffOf(candidate: ChargingCandidate, step: CircuitStep): boolean {
  if (isReversed(candidate, step)) return true;
  const ownVa = candidate.course.minutes.at(-1)?.value ?? stepSizeVa(candidate);
  const goneVa = ownSizeVa(candidate, step.before) - ownSizeVa(candidate, step.after);
  if (Math.abs(goneVa - ownVa) > Math.max(10, 0.2 * ownVa)) return false;
  const ownW = presentPowerW(candidate);
  if (candidate.channel === 'power') {
    const goneW = (step.before[0] as number) - (step.after[0] as number);
    return Math.abs(goneW - ownW) <= Math.max(12, 0.12 * ownW);
  }
  // In a battery's tail the pulses have another shape than those it came with.
  const sizeRatio = ownVa / Math.max(1, stepSizeVa(candidate));
  if (offMismatch(candidate, step, sizeRatio) > SAME_LOAD + Math.abs(1 - sizeRatio)) return false;
  const isDown = candidate.hasPhasors || (step.after[2] as number) < (step.before[2] as number);
  return isDown && -powerOf(step, ownVa / Math.max(1, ownW), candidate.hasPhasors) >= 0.4 * ownW;
}

/** The step it came along, back: where its filter is blind to power, that tells. */
function isReversed(
  { channel, hasPhasors, activePowerW, reactivePowerVar, harmonicsVa }: ChargingCandidate,
  step: CircuitStep,
): boolean {
  if (channel !== 'power' || !hasPhasors || reactivePowerVar === null) return false;
  const came = new Float64Array(DIMENSIONS);
  came.set([activePowerW, reactivePowerVar]);
  came.set(harmonicsVa, FIRST_HARMONIC);
  return stepDistance(came, differenceOf(step), -1) <= 1;
}

/** A candidate that would draw more than the whole circuit went off unseen. */
export function isImpossible(candidate: ChargingCandidate, x: Float64Array): boolean {
  const ownVa = candidate.course.minutes.at(-1)?.value ?? stepSizeVa(candidate);
  // Harmonics of several loads cancel: only magnitudes of a meter are compared.
  if (candidate.channel === 'distortion' && !candidate.hasPhasors && ownVa > 1.2 * (x[2] as number) + 10) return true;
  // What others add to its filter is no power of its own: it has that of its step at most.
  return Math.min(presentPowerW(candidate), candidate.activePowerW) > 1.15 * (x[0] as number) + 10;
}

/** Whether the level after an interruption leaves room for the candidate. */
export function isStillThere(candidate: ChargingCandidate, distortionVa: number, beforeVa: number): boolean {
  const ownVa = candidate.course.minutes.at(-1)?.value ?? stepSizeVa(candidate);
  return Math.abs(distortionVa - beforeVa) <= 0.3 * ownVa;
}
