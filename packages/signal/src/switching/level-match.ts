/** The same background level on both sides of a switch: which cycles are compared, and with which weight. */
export type LevelMatch = {
  /** One per level that occurs on both sides; indices into the two lists. */
  readonly levels: readonly { readonly before: readonly number[]; readonly after: readonly number[] }[];
};

/** Levels closer than this part of the range of a pulsing background are one level. */
const SAME_LEVEL_RATIO = 0.15;
/** Cycles on each side of the switch whose level is taken to go on through it. */
const CONTINUITY_CYCLES = 3;
/** How much better another shift must fit than the one by continuity. */
const CONTINUITY_BONUS = 0.8;
/** How much a shift of the whole range weighs, in tolerances, where the smallest is sought. */
const SMALLNESS = 0.5;

/**
 * Matches levels. `before` and `after`: the strength of the pulsing load in each cycle, in the order of time, seen along
 * its own direction; the switched load may add a constant to all of `after`. The shift is the one under which the levels
 * after fall onto the levels before; of several (one level on one side) the one by which the background just goes on, or, when a pulse's flank lies at the
 * switch itself (`pulsesThere`), the smallest. `least`: differences below this are noise.
 */
export function matchLevels(
  before: readonly number[],
  after: readonly number[],
  least: number,
  pulsesThere: boolean,
): LevelMatch {
  const range = Math.max(...before, ...after) - Math.min(...before, ...after);
  const tolerance = Math.max(least, SAME_LEVEL_RATIO * range);
  const old = groupLevels(before, tolerance);
  const young = groupLevels(after, tolerance);
  const goesOn = mean(after.slice(0, CONTINUITY_CYCLES)) - mean(before.slice(-CONTINUITY_CYCLES));
  const costOf = (candidate: number): number => {
    const size = pulsesThere && range > 0 ? (SMALLNESS * tolerance * Math.abs(candidate)) / range : 0;
    return misfit(before, old, after, young, candidate, tolerance) + size;
  };
  let shift = goesOn;
  let cost = (pulsesThere ? 1 : CONTINUITY_BONUS) * costOf(goesOn);
  for (const from of old) {
    for (const to of young) {
      const other = to.level - from.level;
      const otherCost = costOf(other);
      if (otherCost < cost) {
        shift = other;
        cost = otherCost;
      }
    }
  }
  const levels = old
    .map(({ level, members }) => ({
      before: members,
      after: after.flatMap((value, index) => (Math.abs(value - shift - level) < tolerance ? [index] : [])),
    }))
    .filter((pair) => pair.after.length > 0);
  if (levels.length > 0) return { levels };
  return {
    levels: [
      {
        before: before.map((_, index) => index).slice(-CONTINUITY_CYCLES),
        after: after.map((_, index) => index).slice(0, CONTINUITY_CYCLES),
      },
    ],
  };
}

/** Groups values whose sorted neighbours are closer than `tolerance`, lowest first. */
export function groupLevels(
  values: readonly number[],
  tolerance: number,
): { readonly level: number; readonly members: number[] }[] {
  const order = values.map((_, index) => index).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const groups: number[][] = [];
  let last = -Infinity;
  for (const index of order) {
    const value = values[index] ?? NaN;
    if (value - last > tolerance) groups.push([]);
    groups.at(-1)?.push(index);
    last = value;
  }
  return groups.map((members) => ({ level: mean(members.map((index) => values[index] ?? NaN)), members }));
}

type Levels = readonly { readonly level: number }[];

/** Mean distance of every cycle to the nearest level of the other side, no cycle counting more than the tolerance. */
function misfit(
  before: readonly number[],
  old: Levels,
  after: readonly number[],
  young: Levels,
  shift: number,
  tolerance: number,
): number {
  const far = (value: number, levels: Levels): number =>
    levels.reduce((least, { level }) => Math.min(least, Math.abs(value - level)), tolerance);
  const forward = after.reduce((total, value) => total + far(value - shift, old), 0) / after.length;
  const backward = before.reduce((total, value) => total + far(value + shift, young), 0) / before.length;
  return forward + backward;
}

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}
