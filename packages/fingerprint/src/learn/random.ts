/** Uniform random numbers in [0, 1), handed in by the caller: the same seed gives the same model. */
export type Random = () => number;

/**
 * A seeded generator: mulberry32 (32 bits of state, period 2^32). Enough for bagging and feature draws; not for secrets.
 *
 * `seed`: any finite number; its integer part modulo 2^32 counts.
 */
export function createRandom(seed: number): Random {
  if (!Number.isFinite(seed)) throw new RangeError(`seed: ${seed}, expected a finite number`);
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Puts the items into a random order, in place (Fisher and Yates). */
export function shuffle(items: Int32Array, random: Random): void {
  for (let i = items.length - 1; i > 0; i--) {
    const other = Math.floor(random() * (i + 1));
    const kept = items[i] as number;
    items[i] = items[other] as number;
    items[other] = kept;
  }
}
