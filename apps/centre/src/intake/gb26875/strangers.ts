import { isWithin } from '../../platform/clock.ts';

const QUIET_MS = 60_000;
/** Entries of all strangers together: whoever invents addresses must not fill the journal. */
const ENTRIES_PER_MINUTE = 10;
const NAMES_KEPT = 1_000;

/** Counts frames that must not come, and says when one of them is worth an entry. */
export class Strangers {
  readonly #counts = new Map<string, { count: number; toldAt: number }>();
  #entries: number[] = [];

  /** @returns how many were counted since the last entry, when one is due now; else undefined. */
  note(name: string, now: number): number | undefined {
    const known = this.#counts.get(name) ?? { count: 0, toldAt: -Infinity };
    this.#counts.delete(name);
    this.#counts.set(name, known);
    if (this.#counts.size > NAMES_KEPT)
      for (const oldest of this.#counts.keys()) {
        this.#counts.delete(oldest);
        break;
      }
    known.count++;
    if (isWithin(now, known.toldAt, QUIET_MS)) return undefined;
    this.#entries = this.#entries.filter((at) => isWithin(now, at, QUIET_MS));
    if (this.#entries.length >= ENTRIES_PER_MINUTE) return undefined;
    this.#entries.push(now);
    const { count } = known;
    known.count = 0;
    known.toldAt = now;
    return count;
  }
}
