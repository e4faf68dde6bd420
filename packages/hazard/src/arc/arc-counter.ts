/** Half-cycles in 1 s at which a series arc is told, and at which it is confirmed. */
export const SERIES_STAGES = {
  /** Several in a second are no switch: a contact bounces once. */
  event: 5,
  /** Near the number at which a detector must stay silent (GB 14287.4: 9 in 1 s). */
  repeated: 8,
  /**
   * One above the 9 in 1 s that must not alarm, well below the 14 that must (GB 14287.4-2014): some of a burst may hide
   * behind the load. 10 in a row take 105 ms: IEC 62606 Table 1 allows 120 ms at 32 and 63 A.
   */
  confirmed: 10,
} as const;

/** The window they are counted in, half-cycles per second of nominal mains. */
export type ArcCounter = {
  /** Numbers of the arcing half-cycles within the window before the newest, in order. */
  readonly hits: readonly number[];
  /** Tells the verdict on half-cycle `number`; numbers rise by one. */
  tell(number: number, isArcing: boolean): void;
  /** Takes back what was counted among the newest `count` half-cycles: they were a load, not an arc. */
  takeBack(count: number): void;
  /** Arcing ones among the newest `count` (at most the window). */
  countOf(count: number): number;
  /** Whether the half-cycle `back` before the newest arced. */
  arced(back: number): boolean;
  clear(): void;
};

/** Counts arcing half-cycles within the last `windowHalfCycles`. */
export function createArcCounter(windowHalfCycles: number): ArcCounter {
  const hits: number[] = [];
  let newest = 0;
  return {
    hits,
    tell(number, isArcing) {
      newest = number;
      while (hits.length > 0 && (hits[0] as number) <= newest - windowHalfCycles) hits.shift();
      if (isArcing) hits.push(number);
    },
    takeBack(count) {
      while (hits.length > 0 && (hits[hits.length - 1] as number) > newest - count) hits.pop();
    },
    countOf(count) {
      let found = 0;
      for (let index = hits.length - 1; index >= 0 && (hits[index] as number) > newest - count; index--) found++;
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
    },
  };
}
