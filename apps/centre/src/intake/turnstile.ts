/** Newcomers in one turn of the event loop; each costs less than a millisecond, CONNECT and all. */
const TOGETHER = 16;
/** More waiting than there are devices at one door: whoever comes now is turned away and tries again. */
const MOST_WAITING = 32_768;

/**
 * Lets newcomers in by small groups, in the order of their arrival. Between two groups the event loop reads what
 * devices that are in have sent: an alarm does not wait behind ten thousand that come back at once.
 */
export class Turnstile {
  #waiting: (() => void)[] = [];
  #next = 0;
  #turn: NodeJS.Immediate | undefined;

  get waitingCount(): number {
    return this.#waiting.length - this.#next;
  }

  /** False when too many wait: `enter` will never be called. */
  push(enter: () => void): boolean {
    if (this.waitingCount >= MOST_WAITING) return false;
    this.#waiting.push(enter);
    this.#turn ??= setImmediate(() => this.#letIn());
    return true;
  }

  /** Nobody is let in any more. */
  close(): void {
    clearImmediate(this.#turn);
    this.#waiting = [];
    this.#next = 0;
  }

  #letIn(): void {
    const end = Math.min(this.#next + TOGETHER, this.#waiting.length);
    while (this.#next < end) this.#waiting[this.#next++]?.();
    if (this.waitingCount > 0) {
      this.#turn = setImmediate(() => this.#letIn());
      return;
    }
    this.#turn = undefined;
    this.#waiting = [];
    this.#next = 0;
  }
}
