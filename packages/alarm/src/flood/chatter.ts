/** Active again so often in so short a time, a condition chatters (ISA-18.2: three times in a minute). */
const FAST = { times: 3, withinMs: 60_000 };
const SLOW = { times: 5, withinMs: 10 * 60_000 };
const LOOKED_THROUGH_EVERY = 1_024;

/**
 * How often conditions became active lately, over all their alarms: one that is acknowledged and comes back each minute
 * is a new alarm every time, and one thing to repair.
 */
export class Chatter {
  /** The newest instants of each condition, rising. */
  readonly #activeAt = new Map<string, number[]>();
  #noted = 0;

  /** The condition became active. @returns how often in the last 10 min, where that is chattering. */
  note(condition: string, at: number): number | undefined {
    const lately = (this.#activeAt.get(condition) ?? []).filter((before) => Math.abs(at - before) < SLOW.withinMs);
    lately.push(at);
    lately.sort((one, other) => one - other);
    this.#activeAt.set(condition, lately);
    if (++this.#noted >= LOOKED_THROUGH_EVERY) this.#forget(at);
    const newest = lately.at(-1) as number;
    const fast = lately.filter((before) => newest - before < FAST.withinMs).length;
    return fast >= FAST.times || lately.length >= SLOW.times ? lately.length : undefined;
  }

  get conditionCount(): number {
    return this.#activeAt.size;
  }

  #forget(now: number): void {
    this.#noted = 0;
    for (const [condition, at] of this.#activeAt)
      if (now - (at.at(-1) as number) >= SLOW.withinMs) this.#activeAt.delete(condition);
  }
}
