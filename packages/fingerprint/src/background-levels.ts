import { phase, phasorsOf, shifted } from './phasors.ts';
import type { Phasors } from './phasors.ts';

/** One cycle on equally spaced points, roughly from the voltage's rising zero on: `CycleSamples` of the signal package. */
export type CycleWaves = { readonly voltageV: Float64Array; readonly currentA: Float64Array };

/** A cycle turned to its own voltage fundamental. */
export type AlignedCycle = {
  readonly voltage: Phasors;
  readonly current: Phasors;
  /**
   * Real and imaginary part of the current's harmonics 1 … 11 and its mean, A rms: where cycles are compared. The mean
   * is what tells a cycle that was cut in its middle from one of a ramp.
   */
  readonly place: Float64Array;
};

/** Cycles of one side of a switching that look alike. */
export type Level = { readonly members: readonly AlignedCycle[]; readonly place: Float64Array };

/** The levels of one side, the one at the switching first. */
export type SideLevels = {
  readonly levels: readonly Level[];
  /** False when the cycle next to the switching belongs to no level: the background was changing just then. */
  readonly isSettledAtSwitching: boolean;
};

/** Harmonics that states keep: what 128 points carry with a margin. */
export const HIGHEST_STATE_HARMONIC = 40;
const HIGHEST_COMPARED = 11;

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

/** Squared distance of two places, A². */
export function squaredDistance(a: Float64Array, b: Float64Array): number {
  let squares = 0;
  for (let column = 0; column < a.length; column++) squares += ((a[column] as number) - (b[column] as number)) ** 2;
  return squares;
}

/**
 * The squared distance up to which two cycles are alike. Neighbouring cycles mostly hold one level, unless the
 * background keeps ramping: the lower quartile of their distances is the noise either way; levels differ by far more.
 */
export function likenessLimit(before: readonly AlignedCycle[], after: readonly AlignedCycle[]): number {
  const steps = [before, after].flatMap((side) =>
    side.slice(1).map((cycle, index) => squaredDistance(cycle.place, (side[index] as AlignedCycle).place)),
  );
  steps.sort((a, b) => a - b);
  const quartile = steps[Math.floor(steps.length / 4)] as number;
  return Math.max(LIKENESS_FACTOR * quartile, LEAST_LIKENESS_A ** 2);
}

/** The squared distance of two cycles of one level rarely exceeds this many lower quartiles. */
const LIKENESS_FACTOR = 11;
const LEAST_LIKENESS_A = 0.01;

/**
 * Groups the cycles of one side, nearest to the switching first; a cycle joins the nearest level within the limit. A
 * side without two cycles alike has every cycle as a level of its own.
 */
export function levelsOf(side: readonly AlignedCycle[], limit: number): SideLevels {
  const all = grouped(side, limit);
  const [nearest, next, third] = side.map((cycle) => all.find(({ members }) => members.includes(cycle)));
  // A single cycle is mostly one within which the background changed; but the one that touches the switching may be all
  // there is of its level, and is, when the next one leads from it to the following level.
  const isWhole =
    nearest !== undefined &&
    next !== undefined &&
    third !== undefined &&
    next !== nearest &&
    (next === third || isBetween(next.place, nearest.place, third.place)) &&
    squaredDistance(nearest.place, third.place) > CLEARLY_APART * limit;
  // On a slow ramp two or three neighbours may look alike: three make a level, two only where there is nothing better.
  const least = all.some(({ members }) => members.length >= LASTING) ? LASTING : 2;
  const lasting = all.filter((level) => level.members.length >= least || (isWhole && level === nearest));
  const [first] = lasting;
  if (first === undefined || nearest === undefined) return { levels: all, isSettledAtSwitching: true };
  if (lasting.includes(nearest)) {
    const isSettledAtSwitching = isWhole || nearest.members.length >= LASTING;
    return { levels: [nearest, ...lasting.filter((level) => level !== nearest)], isSettledAtSwitching };
  }
  // A mixed cycle at the switching itself: the background changed just then, away from the level it has mixed in.
  const left = lasting.find((level) => level !== first && isBetween(nearest.place, level.place, first.place));
  if (left === undefined) return { levels: lasting, isSettledAtSwitching: false };
  return { levels: [left, ...lasting.filter((level) => level !== left)], isSettledAtSwitching: true };
}

/** Cycles alike that make a level of the background. */
const LASTING = 3;

/** A level that one cycle stands for has to be this much farther away than cycles of one level are. */
const CLEARLY_APART = 4;

/**
 * Whether a cycle began as one level and ended as the other: its two parts add up like the sides of a right angle. The
 * middle of a ramp lies on the straight way instead, where the squares add up to half.
 */
function isBetween(middle: Float64Array, from: Float64Array, to: Float64Array): boolean {
  const ratio = (squaredDistance(from, middle) + squaredDistance(middle, to)) / squaredDistance(from, to);
  return ratio > 0.75 && ratio < 1.2;
}

function grouped(side: readonly AlignedCycle[], limit: number): Level[] {
  const groups: { members: AlignedCycle[]; place: Float64Array }[] = [];
  for (const cycle of side) {
    let nearest: (typeof groups)[number] | undefined;
    let least = limit;
    for (const group of groups) {
      const apart = squaredDistance(cycle.place, group.place);
      if (apart <= least) [nearest, least] = [group, apart];
    }
    if (nearest === undefined) {
      groups.push({ members: [cycle], place: cycle.place.slice() });
    } else {
      nearest.members.push(cycle);
      const { members, place } = nearest;
      cycle.place.forEach((value, column) => {
        place[column] = (place[column] as number) + (value - (place[column] as number)) / members.length;
      });
    }
  }
  return groups;
}
