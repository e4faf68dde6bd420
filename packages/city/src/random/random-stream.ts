/**
 * Random numbers from a seed, in named streams.
 *
 * Every consumer draws from a stream of its own, named by a path such as `c1/kettle/visits`. Adding a load, or reading
 * one channel more, therefore never shifts the numbers of another: same seed, same bytes.
 * Generator: sfc32 (Doty-Humphrey, PractRand), 128 bits of state, seeded by FNV-1a of the name and 12 rounds of mixing.
 */
export class RandomStream {
  // Signed 32-bit integers at all times: the engine then keeps them as integers, not as doubles.
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** `seed`: any finite number; the integer part modulo 2^32 counts. */
  constructor(seed: number, name: string) {
    this.#a = hashName(name, 0x811c9dc5) | 0;
    this.#b = hashName(name, seed >>> 0) | 0;
    this.#c = seed | 0;
    for (let round = 0; round < 12; round++) this.nextUint32();
  }

  /** Uniform integer 0 … 2^32 − 1. */
  nextUint32(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** Uniform in [low, high). */
  between(low: number, high: number): number {
    return low + ((high - low) * this.nextUint32()) / 4294967296;
  }

  /** Exponentially distributed with the given mean. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.between(0, 1));
  }

  /** Standard normal, by Box and Muller (one of the pair is used: simple and stateless). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.between(0, 1)));
    return radius * Math.cos(2 * Math.PI * this.between(0, 1));
  }

  /** One of the items. Throws RangeError on an empty list. */
  pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.between(0, items.length))];
    if (item === undefined) throw new RangeError('pick: the list is empty, expected at least one item');
    return item;
  }
}

/** FNV-1a over UTF-16 units, started from `basis`. */
export function hashName(name: string, basis: number): number {
  let hash = basis ^ 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
