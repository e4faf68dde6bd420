import { pulseMismatch } from './pulse-shape.ts';
import { FIRST_HARMONIC, SHAPE_END } from './step-watch.ts';
import type { CircuitStep } from './step-watch.ts';

/** Mismatch up to which phasors are a rectifier's pulses. */
const PLAIN_PULSES = 0.5;
/** Below this part of the power expected, the power is hidden behind another switching. */
const HIDDEN_RATIO = 0.55;
/** Mean jump per second over the power of a step from which on its power cannot be told. */
const RESTLESS_RATIO = 0.05;
/** Distortion over active power in the middle of what chargers have. */
export const USUAL_DISTORTION_RATIO = 1.3;

/**
 * Active power of a step of distortion. Another load may have switched in the same seconds, or pulse: of the difference
 * of the means, of a short difference and of the difference of the lowest levels, the one nearest to what a load with
 * that ratio of distortion would draw. Where the power is restless altogether, that ratio itself.
 */
export function powerOf(
  step: CircuitStep,
  distortionRatio: number,
  hasPhasors: boolean,
  switchedW: readonly number[] = [],
): number {
  const moreVa = (step.after[2] as number) - (step.before[2] as number);
  // Magnitudes of several loads add up to less than their sum, phasors do not.
  const [lowVa, highVa] = phasorDistortion(step.before, step.after);
  const meanW = (step.after[0] as number) - (step.before[0] as number);
  const estimates = [meanW, step.quickW, step.lowestAfterW - step.lowestBeforeW, ...switchedW];
  const nearestTo = (wantedW: number): number =>
    estimates.reduce((best, w) => (Math.abs(w - wantedW) < Math.abs(best - wantedW) ? w : best));
  let expectedW = moreVa / distortionRatio;
  if (hasPhasors) {
    // Beside a load whose harmonics are opposite the distortion falls when a rectifier comes on: the power tells.
    const sizeW = (0.5 * (lowVa + highVa)) / distortionRatio;
    const isOn = Math.abs(nearestTo(sizeW) - sizeW) < Math.abs(nearestTo(-sizeW) + sizeW);
    expectedW = isOn ? sizeW : -sizeW;
  }
  const nearest = nearestTo(expectedW);
  // Less power than any load of such distortion has: something else went off in the same seconds.
  if (nearest < HIDDEN_RATIO * expectedW) return expectedW;
  // More power than any: another load came on, unless the pulses are no rectifier's.
  const harmonics = Array.from(differenceOf(step).subarray(FIRST_HARMONIC));
  const isTooMuch = hasPhasors && expectedW > 0 && nearest > expectedW / HIDDEN_RATIO;
  if (isTooMuch && pulseMismatch(harmonics) < PLAIN_PULSES) return expectedW;
  const isRestless = step.restlessW > RESTLESS_RATIO * expectedW && Math.abs(nearest - expectedW) < 1.5 * expectedW;
  return isRestless ? expectedW : nearest;
}

/** Harmonics 3, 5, 7 of the difference; with all the others a charger has about a tenth more. */
export function phasorDistortion(before: Float64Array, after: Float64Array): [number, number] {
  let squares = 0;
  for (let k = FIRST_HARMONIC; k < SHAPE_END; k++) squares += ((after[k] as number) - (before[k] as number)) ** 2;
  return [Math.sqrt(squares), 1.15 * Math.sqrt(squares)];
}

/** Magnitudes: the new current adds to the old one at an unknown angle between parallel and square. */
export function magnitudeDistortion(before: Float64Array, after: Float64Array): [number, number] {
  const a = before[2] as number;
  const b = after[2] as number;
  return b <= a ? [b - a, b - a] : [b - a, Math.sqrt(b * b - a * a)];
}

/** After − before. */
export function differenceOf({ before, after }: CircuitStep): Float64Array {
  return after.map((value, k) => value - (before[k] as number));
}

/** Distortion over power that corrected supplies stay below (IEC 61000-3-2 leaves them about 0.3). */
const MOST_CORRECTED = 0.4;

/** Little distortion for its power: not a rectifier's step, whatever moved. */
export function isCorrected(step: CircuitStep, hasPhasors: boolean): boolean {
  const powerW = (step.after[0] as number) - (step.before[0] as number);
  return powerW > 0 && distortionOf(step, hasPhasors) < MOST_CORRECTED * powerW;
}

/** Its change of distortion, VA. */
export function distortionOf({ before, after }: CircuitStep, hasPhasors: boolean): number {
  if (!hasPhasors) return Math.abs((after[2] as number) - (before[2] as number));
  let squares = 0;
  for (let k = FIRST_HARMONIC; k < SHAPE_END; k++) squares += ((after[k] as number) - (before[k] as number)) ** 2;
  return Math.sqrt(squares);
}

/**
 * Whether a step has the power that its own distortion goes with, and would have another one without what is held to be
 * hidden in it: it needs no second load to explain it.
 */
export function isOneRectifier(whole: CircuitStep, parted: CircuitStep): boolean {
  return !isCorrected(whole, true) && unusual(whole) < unusual(parted);
}

/** How far its power is from that of a rectifier with its distortion, logarithm; infinite when there is none. */
function unusual(step: CircuitStep): number {
  const [lowVa, highVa] = phasorDistortion(step.before, step.after);
  const powerW = (step.after[0] as number) - (step.before[0] as number);
  return powerW > 0 ? Math.abs(Math.log((0.5 * (lowVa + highVa)) / (USUAL_DISTORTION_RATIO * powerW))) : Infinity;
}
