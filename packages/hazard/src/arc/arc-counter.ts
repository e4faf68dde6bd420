/** Counts arcing half-cycles in windows before the newest half-cycle. */
export type ArcCounter = {
  /** Tells the verdict on half-cycle `number`, and whether a load would not repeat it; numbers rise by one. */
  tell(number: number, isArcing: boolean, isErratic: boolean): void;
  /** Takes back what was counted among the newest `count` half-cycles: they were a load, not an arc. */
  takeBack(count: number): void;
  /** Arcing ones among the newest `count` (at most the window). */
  countOf(count: number): number;
  /** Erratic ones among those. */
  erraticOf(count: number): number;
  /** Whether the half-cycle `back` before the newest arced. */
  arced(back: number): boolean;
  clear(): void;
};

/** Counts arcing half-cycles within the last `windowHalfCycles`. */
export function createArcCounter(windowHalfCycles: number): ArcCounter {
  // Numbers of the arcing half-cycles, in order, and beside them 1 for an erratic one.
  const hits: number[] = [];
  const erratic: number[] = [];
  let newest = 0;
  return {
    tell(number, isArcing, isErratic) {
      newest = number;
      while (hits.length > 0 && (hits[0] as number) <= newest - windowHalfCycles) {
        hits.shift();
        erratic.shift();
      }
      if (!isArcing) return;
      hits.push(number);
      erratic.push(isErratic ? 1 : 0);
    },
    takeBack(count) {
      while (hits.length > 0 && (hits[hits.length - 1] as number) > newest - count) {
        hits.pop();
        erratic.pop();
      }
    },
    countOf(count) {
      let found = 0;
      for (let index = hits.length - 1; index >= 0 && (hits[index] as number) > newest - count; index--) found++;
      return found;
    },
    erraticOf(count) {
      let found = 0;
      for (let index = hits.length - 1; index >= 0 && (hits[index] as number) > newest - count; index--) {
        found += erratic[index] as number;
      }
      return found;
    },
    arced(back) {
      for (let index = hits.length - 1; index >= 0 && (hits[index] as number) >= newest - back; index--) {
        if (hits[index] === newest - back) return true;
      }
      return false;
    },
    clear() {
      hits.length = 0;
      erratic.length = 0;
    },
  };
}
