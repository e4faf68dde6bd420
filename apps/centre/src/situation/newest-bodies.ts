/** A device has less than this on its way unanswered; what it sends again is nearly always among them. */
const KEPT = 128;
const FIRST = 8;
/** 52 bits: a number holds them exactly. */
const HEX_DIGITS = 13;

/**
 * The digests of the newest bodies of an epoch by their number: 2 KiB per device when full, because a city has 50,000
 * of them and each says something every few seconds. Of older ones the store is asked.
 */
export class NewestBodies {
  /** Numbers and digests by turns, in a ring. */
  #ring = new Float64Array(2 * FIRST).fill(NaN);
  #next = 0;
  /** Of the batch at hand: nothing it was checked against may be lost before it is applied. */
  #young: { readonly seq: number; readonly digest: string }[] = [];

  has(seq: number, digest: string): boolean {
    if (this.#young.some((one) => one.seq === seq && one.digest === digest)) return true;
    const short = shortened(digest);
    for (let i = 0; i < this.#ring.length; i += 2) {
      if (this.#ring[i] === seq && this.#ring[i + 1] === short) return true;
    }
    return false;
  }

  add(seq: number, digest: string): void {
    this.#young.push({ seq, digest });
  }

  /** The batch is over: its bodies take the places of the oldest. */
  settle(): void {
    if (this.#young.length === 0) return;
    for (const { seq, digest } of this.#young.slice(-KEPT)) {
      this.#makeRoom();
      this.#ring[2 * this.#next] = seq;
      this.#ring[2 * this.#next + 1] = shortened(digest);
      this.#next++;
    }
    this.#young = [];
  }

  #makeRoom(): void {
    if (2 * this.#next < this.#ring.length) return;
    this.#next = 0;
    if (this.#ring.length >= 2 * KEPT) return;
    const grown = new Float64Array(2 * this.#ring.length).fill(NaN);
    grown.set(this.#ring);
    this.#next = this.#ring.length / 2;
    this.#ring = grown;
  }
}

const shortened = (digestHex: string): number => parseInt(digestHex.slice(0, HEX_DIGITS), 16);
