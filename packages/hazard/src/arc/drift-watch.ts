/** Tells whether the distance from the state moves one way, half-cycle by half-cycle: something is turned or dies away. */
export type DriftWatch = {
  /** A half-cycle like the state, and the distance that is usual there. */
  rest(distance: number, usual: number): void;
  /** The first half-cycle of a run unlike the state. What it is a part of is not known: it is no measure. */
  begin(distance: number): void;
  follow(distance: number): void;
  isGrowing(): boolean;
  isShrinking(): boolean;
  /** Whether the run came to where it is by drifting, however it began: a load that is turned, or that starts softly. */
  hasCome(): boolean;
};

/** Half-cycles in a row that grow, or shrink, before it is a drift. */
const GROWING_COUNT = 4;
const SHRINKING_COUNT = 3;
const COME_COUNT = 6;
/**
 * Mean distance over the usual one, of the newest half-cycles like the state, from which on they were leaving it, and the
 * step over the last of them that is still part of that way.
 */
const LEAVING = 1.5;
const MOST_LEAVING_STEP = 1.5;
const LEAVING_MEMORY = 4;
/** An arc's distances are drawn anew: four in a row rise by chance, but not this far. */
const LEAST_GROWTH = 1.5;
const MOST_REMAINDER = 0.67;

export function createDriftWatch(): DriftWatch {
  let before = 0;
  let isFirst = true;
  let leaving = 1;
  let hasLeft = false;
  let growing = 0;
  let growsFrom = 0;
  let shrinking = 0;
  let shrinksFrom = 0;
  const hasGrown = (count: number): boolean => growing >= count && before >= LEAST_GROWTH * growsFrom;
  const hasShrunk = (count: number): boolean => shrinking >= count && before <= MOST_REMAINDER * shrinksFrom;
  return {
    rest(distance, usual) {
      leaving += (distance / Math.max(usual, 1e-6) - leaving) / LEAVING_MEMORY;
      before = distance;
    },
    begin(distance) {
      hasLeft = leaving >= LEAVING && distance <= MOST_LEAVING_STEP * before;
      leaving = 1;
      before = growsFrom = shrinksFrom = distance;
      growing = shrinking = 0;
      isFirst = true;
    },
    follow(distance) {
      if (isFirst) {
        before = growsFrom = shrinksFrom = distance;
        isFirst = false;
        return;
      }
      if (distance < 0.97 * before) {
        growing = 0;
        growsFrom = distance;
      } else if (distance > 1.05 * before) growing++;
      if (distance < 0.95 * before) shrinking++;
      else {
        shrinking = 0;
        shrinksFrom = distance;
      }
      before = distance;
    },
    isGrowing: () => hasGrown(GROWING_COUNT),
    isShrinking: () => hasShrunk(SHRINKING_COUNT),
    hasCome: () => hasLeft || hasGrown(COME_COUNT) || hasShrunk(COME_COUNT),
  };
}
