import type { CycleRing } from './cycle-ring.ts';
import { length, meanFeatures } from './edges.ts';
import { groupLevels } from './level-match.ts';
import type { BackgroundLevel } from './switch-event.ts';

/** Groups cycles by their strength along the pulsing load; largest share first. */
export function backgroundLevels(
  ring: CycleRing,
  cycles: readonly number[],
  alongs: readonly number[],
  tolerance: number,
): BackgroundLevel[] {
  const range =
    alongs.reduce((most, value) => Math.max(most, value), -Infinity) -
    alongs.reduce((least, value) => Math.min(least, value), Infinity);
  const groups = groupLevels(alongs, Math.max(tolerance, 0.15 * range));
  // A single cycle between two levels is a flank that moved too little to be seen as one.
  const levels = groups.filter(({ members }) => members.length > 1 || groups.length === 1);
  const total = levels.reduce((count, { members }) => count + members.length, 0);
  return levels
    .map(({ members }) => {
      const own = members.map((index) => cycles[index] as number);
      const meanOf = (valueOf: (cycle: number) => number): number =>
        own.reduce((total, cycle) => total + valueOf(cycle), 0) / own.length;
      const features = own.map((cycle) => meanFeatures(ring, cycle, cycle + 1));
      const mean = new Float64Array(features[0]?.length ?? 0).map(
        (_, k) => features.reduce((total, one) => total + (one[k] as number), 0) / own.length,
      );
      return {
        activePowerW: meanOf((cycle) => ring.activePowerW(cycle)),
        reactivePowerVar: meanOf((cycle) => ring.reactivePowerVar(cycle)),
        currentA: length(mean),
        share: own.length / total,
      };
    })
    .sort((a, b) => b.share - a.share);
}
