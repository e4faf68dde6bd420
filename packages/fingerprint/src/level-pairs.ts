import { squaredDistance } from './background-levels.ts';
import type { AlignedCycle, Level, SideLevels } from './background-levels.ts';

/** A level before and one after the switching between which only the switched load differs. */
export type LevelPair = { readonly from: Level; readonly to: Level };

/** Both sides of a switching, nearest cycle first. */
export type Sides = {
  readonly before: readonly AlignedCycle[];
  readonly after: readonly AlignedCycle[];
  readonly limit: number;
};

/**
 * The pairs of levels that belong together; all of them differ by the same current.
 *
 * A load shifts whatever runs behind it by one and the same current. So a candidate (any level before, any after) is
 * judged by how many levels, and how many cycles, of either side lie on the path that the other side took once they are
 * shifted by it; ramps of a pulsing load lie between the cycles of that path. The levels that touch the switching have a
 * head start when the background was at rest there, for it rarely changes in the very cycle of a switching; between
 * equals the smaller shift holds.
 */
export function pairLevels(from: SideLevels, to: SideLevels, sides: Sides): LevelPair[] {
  const candidates = from.levels.flatMap((before) => to.levels.map((after) => ({ from: before, to: after })));
  const [adjacent] = candidates;
  if (adjacent === undefined) throw new RangeError('pairLevels: a side has no level; expected at least one cycle each');
  if (candidates.length === 1) return [adjacent];
  const isAtRest = from.isSettledAtSwitching && to.isSettledAtSwitching;
  let best = adjacent;
  let most = -Infinity;
  for (const candidate of candidates) {
    const shift = shiftOf(candidate);
    const headStart = candidate === adjacent && isAtRest ? HEAD_START : 0;
    const size = Math.sqrt(shift.reduce((sum, value) => sum + value * value, 0));
    const score = explanation(from.levels, to.levels, sides, shift) + headStart - size * PER_AMPERE;
    if (score > most) [best, most] = [candidate, score];
  }
  return [best, ...agreeing(best, candidates, sides.limit)];
}

/** A level that stays unexplained weighs less than the levels at the switching not belonging together; two weigh more. */
const PER_LEVEL = 3;
const HEAD_START = 4;
const ALL_CYCLES = 6;
/** Decides between equals only. */
const PER_AMPERE = 0.05;

function shiftOf({ from, to }: LevelPair): Float64Array {
  return to.place.map((value, column) => value - (from.place[column] as number));
}

/** Further pairs of other levels with the same shift: more cycles to average. */
function agreeing(best: LevelPair, candidates: readonly LevelPair[], limit: number): LevelPair[] {
  const shift = shiftOf(best);
  const chosen: LevelPair[] = [best];
  for (const candidate of candidates) {
    if (chosen.some(({ from, to }) => from === candidate.from || to === candidate.to)) continue;
    if (squaredDistance(shiftOf(candidate), shift) <= 2 * limit) chosen.push(candidate);
  }
  return chosen.slice(1);
}

function explanation(from: readonly Level[], to: readonly Level[], sides: Sides, shift: Float64Array): number {
  const { before, after, limit } = sides;
  const back = shift.map((value) => -value);
  const isOnBefore = ({ place }: { readonly place: Float64Array }): boolean =>
    pathDistance(place, back, before) <= limit;
  const isOnAfter = ({ place }: { readonly place: Float64Array }): boolean =>
    pathDistance(place, shift, after) <= limit;
  const levels = to.filter(isOnBefore).length + from.filter(isOnAfter).length;
  const cycles = after.filter(isOnBefore).length + before.filter(isOnAfter).length;
  return PER_LEVEL * levels + (ALL_CYCLES * cycles) / (before.length + after.length);
}

/** Squared distance of a shifted place from the broken line through the cycles of a path. */
function pathDistance(place: Float64Array, shift: Float64Array, path: readonly AlignedCycle[]): number {
  let least = Infinity;
  for (let cycle = 0; cycle < path.length; cycle++) {
    const from = (path[cycle] as AlignedCycle).place;
    const to = (path[cycle + 1] ?? (path[cycle] as AlignedCycle)).place;
    let along = 0;
    let length = 0;
    for (let column = 0; column < from.length; column++) {
      const step = (to[column] as number) - (from[column] as number);
      along += step * ((place[column] as number) + (shift[column] as number) - (from[column] as number));
      length += step * step;
    }
    const share = length > 0 ? Math.min(1, Math.max(0, along / length)) : 0;
    let squares = 0;
    for (let column = 0; column < from.length; column++) {
      const on = (from[column] as number) + share * ((to[column] as number) - (from[column] as number));
      squares += ((place[column] as number) + (shift[column] as number) - on) ** 2;
    }
    least = Math.min(least, squares);
  }
  return least;
}
