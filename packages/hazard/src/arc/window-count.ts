/** Counts how many of the newest half-cycles had a property. */
export type WindowCount = {
  /** Takes the next half-cycle. */
  add(has: boolean): void;
  count(): number;
  clear(): void;
};

/** Counts within the last `window` half-cycles, a byte each. */
export function createWindowCount(window: number): WindowCount {
  const marks = new Uint8Array(window);
  let at = 0;
  let count = 0;
  return {
    add(has) {
      count += (has ? 1 : 0) - (marks[at] as number);
      marks[at] = has ? 1 : 0;
      at = at + 1 === window ? 0 : at + 1;
    },
    count: () => count,
    clear() {
      marks.fill(0);
      count = 0;
    },
  };
}
