import { FEATURE_COUNT } from './cycle-features.ts';
import { dot, length } from './edges.ts';
import type { Edge } from './edges.ts';

/** Directions in which the background moves by itself, orthonormal, strongest first. */
export type PulseBasis = readonly Float64Array[];

/** More pulsing loads at once than this are not separated. */
export const MOST_DIRECTIONS = 2;
/** A direction of its own when at least this part of a step lies outside the directions found so far. */
const NEW_DIRECTION_RATIO = 0.35;

/** Spans the steps of pulses. */
export function basisOf(edges: readonly Edge[], known: readonly Float64Array[]): PulseBasis {
  const steps = edges.filter((edge) => edge.isReturning).map((edge) => edge.step);
  if (steps.length === 0) return [];
  const candidates = [...steps, ...known].sort((a, b) => length(b) - length(a));
  const basis: Float64Array[] = [];
  for (const candidate of candidates) {
    if (basis.length === MOST_DIRECTIONS) break;
    if (outside(candidate, basis) < NEW_DIRECTION_RATIO * length(candidate)) continue;
    // The mean over all steps along it: one edge alone carries the noise of three cycles.
    const mean = new Float64Array(FEATURE_COUNT);
    for (const step of steps) {
      const along = dot(step, candidate) / (length(step) * length(candidate));
      if (Math.abs(along) < 0.9) continue;
      for (let k = 0; k < FEATURE_COUNT; k++) (mean[k] as number) += Math.sign(along) * (step[k] as number);
    }
    const direction = length(mean) > 0 ? mean : candidate.slice();
    project(direction, basis);
    const size = length(direction);
    if (size > 0) basis.push(direction.map((value) => value / size));
  }
  return basis;
}

/** Removes what lies along the basis, in place. */
export function project(vector: Float64Array, basis: PulseBasis): void {
  for (const direction of basis) {
    const along = dot(vector, direction);
    for (let k = 0; k < vector.length; k++) (vector[k] as number) -= along * (direction[k] as number);
  }
}

function outside(vector: Float64Array, basis: PulseBasis): number {
  const rest = vector.slice();
  project(rest, basis);
  return length(rest);
}
