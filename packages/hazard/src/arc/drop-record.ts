/** The voltage drops of the half-cycles that arced in this run, to tell how far they move and where they begin. */
export type DropRecord = {
  /** A run begins: nothing arced within the last second. */
  begin(): void;
  add(dropV: number, startDelayPoints: number): void;
  /** Standard deviation of the drops, V; Infinity before three. */
  deviationV(): number;
  /** Mean of the points by which the current came later than usual. */
  meanDelayPoints(): number;
};

const LEAST_DROPS = 3;

/** Welford's running variance: no history is kept. */
export function createDropRecord(): DropRecord {
  let count = 0;
  let meanV = 0;
  let squares = 0;
  let delays = 0;
  return {
    begin() {
      count = meanV = squares = delays = 0;
    },
    add(dropV, startDelayPoints) {
      count++;
      const before = dropV - meanV;
      meanV += before / count;
      squares += before * (dropV - meanV);
      delays += startDelayPoints;
    },
    deviationV: () => (count < LEAST_DROPS ? Infinity : Math.sqrt(squares / (count - 1))),
    meanDelayPoints: () => (count === 0 ? 0 : delays / count),
  };
}
