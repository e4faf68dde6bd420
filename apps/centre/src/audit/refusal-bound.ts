const PER_ADDRESS = 30;
/** From all addresses: a stranger may have as many of them as he likes. */
const OF_ALL = 300;
const MINUTE_MS = 60_000;

/** How many refusals of strangers become rows: nobody fills the disk by knocking. */
export class RefusalBound {
  #minute = 0;
  #ofAll = 0;
  readonly #counts = new Map<string, number>();

  admits(address: string, now: number): boolean {
    const minute = Math.floor(now / MINUTE_MS);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#ofAll = 0;
      this.#counts.clear();
    }
    const count = this.#counts.get(address) ?? 0;
    if (count >= PER_ADDRESS || this.#ofAll >= OF_ALL) return false;
    this.#counts.set(address, count + 1);
    this.#ofAll++;
    return true;
  }
}
