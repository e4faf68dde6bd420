/** So many of the last commits are judged: some minutes of a busy centre. */
const KEPT = 1_024;

/** How long the last commits took, from the first statement to the fsync. */
export class CommitTimes {
  readonly #took = new Float64Array(KEPT);
  #count = 0;

  /** Since the start. */
  get count(): number {
    return this.#count;
  }

  add(tookMs: number): void {
    this.#took[this.#count++ % KEPT] = tookMs;
  }

  /** The value that so much of the last commits did not exceed, 0…1; undefined while there was none. */
  quantileMs(share: number): number | undefined {
    const held = this.#took.slice(0, Math.min(KEPT, this.#count)).sort();
    return held[Math.max(0, Math.ceil(share * held.length) - 1)];
  }
}
