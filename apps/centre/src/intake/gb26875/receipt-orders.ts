/** Where the receipt order of frames comes from: it rises, and no two frames have the same. */
export type ReceiptOrders = { next(): number };

/** One door: it counts on from the highest that was applied. */
export class CountedOrders implements ReceiptOrders {
  #highest: number;

  constructor(highest: number) {
    this.#highest = highest;
  }

  next(): number {
    return ++this.#highest;
  }
}

const BEGINNING = Date.UTC(2020, 0, 1);
/** Frames of one millisecond that keep to the clock; more run ahead of it. */
const PER_MS = 8;
/** Doors that may be there at once. */
export const ORDER_SLOTS = 1024;

/**
 * One door of several: orders follow the clock, so that what a device says at another door comes after what it said here,
 * and end in the door's own slot, so that no two doors give the same. Up to the year 2050 they are safe integers.
 */
export class ClockedOrders implements ReceiptOrders {
  readonly #now: () => number;
  #slot: number;
  /** In steps of an eighth of a millisecond. */
  #last = 0;

  constructor(now: () => number, slot: number) {
    this.#now = now;
    this.#slot = slot % ORDER_SLOTS;
  }

  get slot(): number {
    return this.#slot;
  }

  get highest(): number {
    return this.#last * ORDER_SLOTS + this.#slot;
  }

  next(): number {
    this.#last = Math.max(this.#last + 1, Math.floor(this.#now() - BEGINNING) * PER_MS);
    return this.highest;
  }

  /** Another door has come as far: what is taken here from now on was taken later. Its slot is left to it. */
  hear(highest: number, isFirst: boolean): void {
    const slot = highest % ORDER_SLOTS;
    if (slot === this.#slot && !isFirst)
      this.#slot = (slot + 1 + Math.floor(Math.random() * (ORDER_SLOTS - 1))) % ORDER_SLOTS;
    this.#last = Math.max(this.#last, Math.floor(highest / ORDER_SLOTS));
  }
}
