import type { HalfCycleFeatures } from './half-cycle-features.ts';

/** What the newest arcing half-cycles take away, to see whether it is the same again and again. */
export type RepeatRecord = {
  /** A run begins: nothing arced within the last second, or what arced was a load. */
  begin(): void;
  add(seen: HalfCycleFeatures): void;
  /** Whether one and the same change comes back in a good part of the newest half-cycles. */
  repeats(): boolean;
};

/** Half-cycles kept: more than the most that confirm an arc. */
const KEPT = 16;
/** Relative difference of loss and distance up to which two are the same; an arc's scatter by a tenth and more. */
const SAME = 0.008;
/** Points by which the same delay is read apart: the current comes back on one side of a point or on the other. */
const SAME_POINT = 1;
/** Least number, and part of those kept, that must be the same. */
const LEAST_SAME = 4;
const LEAST_SHARE = 0.35;

export function createRepeatRecord(): RepeatRecord {
  const losses = new Float64Array(KEPT);
  const distances = new Float64Array(KEPT);
  const delays = new Float64Array(KEPT);
  /** Of each one kept, how many are the same, itself included. */
  const sames = new Uint8Array(KEPT);
  let count = 0;
  const isSame = (newer: number, older: number): boolean =>
    Math.abs((delays[newer] as number) - (delays[older] as number)) <= SAME_POINT &&
    isNear(losses[newer] as number, losses[older] as number) &&
    isNear(distances[newer] as number, distances[older] as number);
  /** Counts the one at `at`, the oldest or the newest, in or out of all others. */
  const compare = (at: number, isNewest: boolean): void => {
    const kept = Math.min(count, KEPT);
    for (let other = 0; other < kept; other++) {
      if (other === at || !(isNewest ? isSame(at, other) : isSame(other, at))) continue;
      sames[other] = (sames[other] as number) + (isNewest ? 1 : -1);
      if (isNewest) sames[at] = (sames[at] as number) + 1;
    }
  };
  return {
    begin() {
      count = 0;
    },
    add(seen) {
      const at = count % KEPT;
      if (count >= KEPT) compare(at, false);
      losses[at] = 1 - seen.levelRatio;
      distances[at] = seen.distance;
      delays[at] = seen.startDelayPoints;
      sames[at] = 1;
      compare(at, true);
      count++;
    },
    repeats() {
      const kept = Math.min(count, KEPT);
      const least = Math.max(LEAST_SAME, LEAST_SHARE * kept);
      for (let at = 0; at < kept; at++) if ((sames[at] as number) >= least) return true;
      return false;
    },
  };
}

function isNear(newer: number, older: number): boolean {
  return Math.abs(newer - older) <= SAME * Math.abs(newer);
}
