import type { Timer } from './timer.ts';

type Slot = { readonly timer: Timer; readonly number: number };

/** So many slots may be stale before the heap is made anew, beside as many as there are timers. */
const STALE_SLOTS = 1_024;

/**
 * Timers in the order in which they are due, those due at once in the order in which they were set: a binary heap.
 * Setting one anew or ending it leaves its slot behind, found out when it comes to the top.
 *
 * Cost: `set` and taking one out O(log n), `delete` and `first` O(1) on average.
 */
export class TimerQueue {
  readonly #current = new Map<string, Slot>();
  #heap: Slot[] = [];
  #count = 0;

  get size(): number {
    return this.#current.size;
  }

  /** A timer of the same id is replaced. */
  set(timer: Timer): void {
    const slot = { timer, number: ++this.#count };
    this.#current.set(timer.id, slot);
    if (this.#heap.length > 2 * this.#current.size + STALE_SLOTS) this.#makeAnew();
    else this.#push(slot);
  }

  delete(id: string): void {
    this.#current.delete(id);
  }

  clear(): void {
    this.#current.clear();
    this.#heap = [];
  }

  /** The timer that is due first. */
  get first(): Timer | undefined {
    for (;;) {
      const [top] = this.#heap;
      if (top === undefined) return undefined;
      if (this.#current.get(top.timer.id) === top) return top.timer;
      this.#dropTop();
    }
  }

  /** Takes out what is due at `now`, in order. */
  takeDue(now: number): Timer[] {
    const due: Timer[] = [];
    for (let { first } = this; first !== undefined && first.dueAt <= now; { first } = this) {
      this.#current.delete(first.id);
      this.#dropTop();
      due.push(first);
    }
    return due;
  }

  *[Symbol.iterator](): Generator<Timer> {
    for (const { timer } of this.#current.values()) yield timer;
  }

  #push(slot: Slot): void {
    const heap = this.#heap;
    let index = heap.push(slot) - 1;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = heap[above] as Slot;
      if (!isBefore(slot, parent)) break;
      heap[index] = parent;
      index = above;
    }
    heap[index] = slot;
  }

  #dropTop(): void {
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) this.#sink(last);
  }

  /** Puts `slot` where it belongs, from the top down. */
  #sink(slot: Slot): void {
    const heap = this.#heap;
    let index = 0;
    for (;;) {
      let below = 2 * index + 1;
      const right = heap[below + 1];
      if (right !== undefined && isBefore(right, heap[below] as Slot)) below++;
      const child = heap[below];
      if (child === undefined || !isBefore(child, slot)) break;
      heap[index] = child;
      index = below;
    }
    heap[index] = slot;
  }

  /** An ordered array is a heap. */
  #makeAnew(): void {
    this.#heap = [...this.#current.values()].sort((one, other) => (isBefore(one, other) ? -1 : 1));
  }
}

const isBefore = (one: Slot, other: Slot): boolean =>
  one.timer.dueAt < other.timer.dueAt || (one.timer.dueAt === other.timer.dueAt && one.number < other.number);
