import { FEATURE_COUNT } from './cycle-features.ts';
import { dot, length } from './edges.ts';
import type { Edge } from './edges.ts';

/** Of this module: the compiler reads an imported constant anew at each turn of a loop. */
const FEATURES = FEATURE_COUNT;

/** Directions in which the background moves by itself, orthonormal, strongest first. */
export type PulseBasis = readonly Float64Array[];

/** More pulsing loads at once than this are not separated. */
export const MOST_DIRECTIONS = 2;
/** A direction of its own when at least this part of a step lies outside the directions found so far. */
const NEW_DIRECTION_RATIO = 0.35;

const NO_BASIS: PulseBasis = [];

/** Shared by all circuits: filled and read within one call. */
const rest = new Float64Array(FEATURES);

/** Spans the steps of pulses. */
export function basisOf(edges: readonly Edge[], known: readonly Float64Array[]): PulseBasis {
  const steps: Float64Array[] = [];
  for (const edge of edges) if (edge.isReturning) steps.push(edge.step);
  if (steps.length === 0) return NO_BASIS;
  const basis: Float64Array[] = [];
  for (const candidate of largestFirst(steps, known)) {
    if (basis.length === MOST_DIRECTIONS) break;
    if (outside(candidate, basis) < NEW_DIRECTION_RATIO * length(candidate)) continue;
    const direction = meanAlong(steps, candidate);
    project(direction, basis);
    const size = length(direction);
    if (!(size > 0)) continue;
    for (let k = 0; k < FEATURES; k++) direction[k] = (direction[k] as number) / size;
    basis.push(direction);
  }
  return basis;
}

/** Whether two bases are the same numbers. */
export function isSameBasis(one: PulseBasis, other: PulseBasis): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index++) {
    const a = one[index] as Float64Array;
    const b = other[index] as Float64Array;
    for (let k = 0; k < FEATURES; k++) if (a[k] !== b[k]) return false;
  }
  return true;
}

/** The steps, and behind those of the same size the known ones. */
function largestFirst(steps: readonly Float64Array[], known: readonly Float64Array[]): Float64Array[] {
  const sorted: Float64Array[] = [];
  const sizes: number[] = [];
  for (let index = 0; index < steps.length + known.length; index++) {
    const step = (index < steps.length ? steps[index] : known[index - steps.length]) as Float64Array;
    const size = length(step);
    let place = index;
    for (; place > 0 && (sizes[place - 1] as number) < size; place--) {
      sizes[place] = sizes[place - 1] as number;
      sorted[place] = sorted[place - 1] as Float64Array;
    }
    sizes[place] = size;
    sorted[place] = step;
  }
  return sorted;
}

/** Sum of all steps along the candidate, itself without any: one edge alone carries the noise of three cycles. */
function meanAlong(steps: readonly Float64Array[], candidate: Float64Array): Float64Array {
  const mean = new Float64Array(FEATURES);
  const size = length(candidate);
  for (const step of steps) {
    const along = dot(step, candidate) / (length(step) * size);
    if (Math.abs(along) < 0.9) continue;
    const sign = Math.sign(along);
    for (let k = 0; k < FEATURES; k++) mean[k] = (mean[k] as number) + sign * (step[k] as number);
  }
  return length(mean) > 0 ? mean : candidate.slice();
}

/** Removes what lies along the basis, in place. */
export function project(vector: Float64Array, basis: PulseBasis): void {
  for (const direction of basis) takeAlong(vector, direction);
}

/** Removes what lies along one direction, in place; returns how much that was. */
export function takeAlong(vector: Float64Array, direction: Float64Array): number {
  let along = 0;
  for (let k = 0; k < FEATURES; k++) along += (vector[k] as number) * (direction[k] as number);
  for (let k = 0; k < FEATURES; k++) vector[k] = (vector[k] as number) - along * (direction[k] as number);
  return along;
}

function outside(vector: Float64Array, basis: PulseBasis): number {
  for (let k = 0; k < FEATURES; k++) rest[k] = vector[k] as number;
  project(rest, basis);
  return length(rest);
}
