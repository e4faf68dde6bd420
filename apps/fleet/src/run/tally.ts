/** What a run counts. Reports are counted once, however often they are sent. */
export type Counts = {
  sent: number;
  acknowledged: number;
  /** Transmissions again after a lost connection. */
  resent: number;
  /** Transmissions again on purpose. */
  duplicates: number;
  garbage: number;
  /** Due, but the centre took no more and the queue was full: never made, so nothing of them is in the truth. */
  skipped: number;
  raised: number;
  cleared: number;
  connected: number;
  reconnects: number;
  refused: number;
};

export const noCounts = (): Counts => ({
  sent: 0,
  acknowledged: 0,
  resent: 0,
  duplicates: 0,
  garbage: 0,
  skipped: 0,
  raised: 0,
  cleared: 0,
  connected: 0,
  reconnects: 0,
  refused: 0,
});

const SMALLEST_MS = 0.1;
const STEPS_PER_DECADE = 40;
const DECADES = 7;

/** Durations in steps of 6 %: constant memory however long it runs. */
export class Durations {
  readonly #buckets = new Uint32Array(STEPS_PER_DECADE * DECADES);
  #count = 0;
  #longestMs = 0;

  add(ms: number): void {
    const step = Math.ceil(Math.log10(Math.max(SMALLEST_MS, ms) / SMALLEST_MS) * STEPS_PER_DECADE);
    const bucket = Math.min(this.#buckets.length - 1, step);
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + 1;
    this.#count++;
    this.#longestMs = Math.max(this.#longestMs, ms);
  }

  /** Absent without any. Upper ends of their steps, so at most 6 % above the truth. */
  summary(): { readonly p50: number; readonly p99: number; readonly max: number } | undefined {
    if (this.#count === 0) return undefined;
    const quantile = (share: number): number => {
      let left = share * this.#count;
      const bucket = this.#buckets.findIndex((count) => (left -= count) <= 0);
      return Math.min(this.#longestMs, SMALLEST_MS * 10 ** (bucket / STEPS_PER_DECADE));
    };
    const round = (ms: number): number => Math.round(ms * 10) / 10;
    return { p50: round(quantile(0.5)), p99: round(quantile(0.99)), max: round(this.#longestMs) };
  }
}
