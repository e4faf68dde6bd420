/** Tells whether the distance from the state moves one way, half-cycle by half-cycle: something is turned or dies away. */
export type DriftWatch = {
  /** The first half-cycle of a run unlike the state, or one like it. What it is a part of is not known: it is no measure. */
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
/** An arc's distances are drawn anew: four in a row rise by chance, but not this far. */
const LEAST_GROWTH = 1.5;
const MOST_REMAINDER = 0.67;

export function createDriftWatch(): DriftWatch {
  let before = 0;
  let isFirst = true;
  let growing = 0;
  let growsFrom = 0;
  let shrinking = 0;
  let shrinksFrom = 0;
  const hasGrown = (count: number): boolean => growing >= count && before >= LEAST_GROWTH * growsFrom;
  const hasShrunk = (count: number): boolean => shrinking >= count && before <= MOST_REMAINDER * shrinksFrom;
  return {
    begin(distance) {
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
    hasCome: () => hasGrown(COME_COUNT) || hasShrunk(COME_COUNT),
  };
}
