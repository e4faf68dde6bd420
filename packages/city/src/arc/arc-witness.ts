/** An arc shorter than this within a half-cycle is a micro-arc and does not count, ms (GB 14287.4-2014). */
export const MICRO_ARC_MS = 0.42;

/**
 * Keeps the truth: how long an arc burned in every half-cycle.
 *
 * Half-cycle k covers the time from k/(2·mainsHz) to (k + 1)/(2·mainsHz) after the first sample, as in the format of
 * `evaluate arc --test`; its boundaries need not be zeros of the voltage.
 */
export class ArcWitness {
  readonly #halfCycleS: number;
  #burnedMs = new Float32Array(256);
  #count = 0;

  constructor(mainsHz: number) {
    this.#halfCycleS = 0.5 / mainsHz;
  }

  /** An arc burned for `lengthS` around `atS` after the first sample; what lies before the first sample is not kept. */
  tell(atS: number, lengthS: number): void {
    const index = Math.floor(atS / this.#halfCycleS + 1e-9);
    if (index < 0) return;
    if (index >= this.#burnedMs.length) this.#grow(index);
    this.#burnedMs[index] = (this.#burnedMs[index] as number) + lengthS * 1000;
    if (index >= this.#count) this.#count = index + 1;
  }

  clear(): void {
    this.#burnedMs.fill(0, 0, this.#count);
    this.#count = 0;
  }

  /** Milliseconds burned in each of the first `count` half-cycles. */
  burnedMs(count: number): Float32Array {
    const burned = new Float32Array(count);
    burned.set(this.#burnedMs.subarray(0, Math.min(count, this.#count)));
    return burned;
  }

  /** Half-cycles below `count` in which an arc longer than a micro-arc burned, ascending. */
  arcHalfCycles(count: number): readonly number[] {
    const halfCycles: number[] = [];
    for (let k = 0; k < Math.min(count, this.#count); k++) {
      if ((this.#burnedMs[k] as number) > MICRO_ARC_MS) halfCycles.push(k);
    }
    return halfCycles;
  }

  #grow(index: number): void {
    const grown = new Float32Array(Math.max(index + 1, 2 * this.#burnedMs.length));
    grown.set(this.#burnedMs);
    this.#burnedMs = grown;
  }
}
