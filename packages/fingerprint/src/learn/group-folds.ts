import { shuffle, type Random } from './random.ts';

/**
 * A fold number, 0 … foldCount − 1, for each row, such that a group is never split: rows of one house or device share
 * their fold. Groups are dealt in random order to the fold that has fewest rows so far. With more folds than groups
 * every group is a fold of its own and the rest stay empty.
 */
export function groupFolds(groups: Int32Array, foldCount: number, random: Random): Int32Array {
  if (!Number.isInteger(foldCount) || foldCount < 2) throw new RangeError(`folds: ${foldCount}, expected at least 2`);
  const sizes = new Map<number, number>();
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const order = Int32Array.from(sizes.keys());
  shuffle(order, random);
  const filled = new Int32Array(foldCount);
  const foldOf = new Map<number, number>();
  // Largest first keeps the folds of one size; groups of equal size stay in the shuffled order.
  for (const group of [...order].sort((a, b) => (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0))) {
    const fold = filled.indexOf(Math.min(...filled));
    foldOf.set(group, fold);
    filled[fold] = (filled[fold] as number) + (sizes.get(group) ?? 0);
  }
  return Int32Array.from(groups, (group) => foldOf.get(group) ?? 0);
}
