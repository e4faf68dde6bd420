import { startOfDay } from '../situation/energy-today.ts';

const QUARTER_MS = 900_000;
const KEPT = 4_096;

/** Start of the local day an instant is in. Answers are kept: a time zone is slow to ask. */
export class LocalDays {
  readonly timeZone: string;
  readonly #starts = new Map<number, number>();

  /** @param timeZone a name of the IANA database. */
  constructor(timeZone: string) {
    this.timeZone = timeZone;
  }

  startOf(at: number): number {
    // Midnight is at a quarter of an hour of UTC in every zone in use.
    const quarter = Math.floor(at / QUARTER_MS);
    let start = this.#starts.get(quarter);
    if (start === undefined) {
      start = startOfDay(quarter * QUARTER_MS, this.timeZone);
      if (this.#starts.size >= KEPT) this.#starts.clear();
      this.#starts.set(quarter, start);
    }
    return start;
  }
}
