/**
 * Stateless noise: a value that depends on (key, index) alone, so a reader may ask for any instant, in any rhythm, and
 * gets the same answer. `key` comes from `hashName(name, seed)`.
 */
export function uniformAt(key: number, index: number): number {
  // Two rounds of the murmur3 finaliser; the high word of the index is mixed in so that epoch milliseconds may be used.
  let h = key ^ Math.imul(Math.floor(index / 4294967296) | 0, 0x9e3779b1) ^ Math.imul(index | 0, 0x85ebca6b);
  for (let round = 0; round < 2; round++) {
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    h ^= h >>> 16;
  }
  return (h >>> 0) / 4294967296;
}

/** About normal, mean 0, variance 1, within ±3.46: the sum of four uniforms, scaled. */
export function normalAt(key: number, index: number): number {
  const sum =
    uniformAt(key, index) +
    uniformAt(key ^ 0x51ed270b, index) +
    uniformAt(key ^ 0x2f0b4a27, index) +
    uniformAt(key ^ 0x7c3a9e15, index);
  return (sum - 2) * Math.sqrt(3);
}

/** Smooth noise in [-1, 1]: values at multiples of `periodMs`, joined by a cubic with flat ends. */
export function smoothNoiseAt(key: number, atMs: number, periodMs: number): number {
  const cell = Math.floor(atMs / periodMs);
  const x = atMs / periodMs - cell;
  const from = uniformAt(key, cell);
  const to = uniformAt(key, cell + 1);
  return 2 * (from + (to - from) * x * x * (3 - 2 * x)) - 1;
}
