const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

/** How long to wait before the next try: 1 s, twice as long each time up to 30 s, less up to a fifth by chance. */
export class BackOff {
  #nextMs = FIRST_MS;
  readonly #random: () => number;

  /** @param random 0 ≤ x < 1. */
  constructor(random: () => number) {
    this.#random = random;
  }

  next(): number {
    const ms = this.#nextMs;
    this.#nextMs = Math.min(LONGEST_MS, 2 * ms);
    return ms * (1 - 0.2 * this.#random());
  }

  reset(): void {
    this.#nextMs = FIRST_MS;
  }
}
