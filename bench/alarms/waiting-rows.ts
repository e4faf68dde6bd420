import type { Alarm } from '@fengsui/protocol';
import { compareAlarms } from '../../apps/console/src/alarm/alarm-order.ts';

/** Rows that wait, kept in the order of the duty desk: what changes finds its place by halving, not by sorting all. */
export class WaitingRows {
  readonly #rows: Alarm[] = [];
  readonly #byId = new Map<string, Alarm>();

  get size(): number {
    return this.#rows.length;
  }

  has(id: string): boolean {
    return this.#byId.has(id);
  }

  put(alarm: Alarm): void {
    this.delete(alarm.id);
    this.#rows.splice(this.#placeOf(alarm), 0, alarm);
    this.#byId.set(alarm.id, alarm);
  }

  delete(id: string): void {
    const known = this.#byId.get(id);
    if (known === undefined) return;
    this.#rows.splice(this.#placeOf(known), 1);
    this.#byId.delete(id);
  }

  /** The first rows that are none of `except`. */
  first(count: number, except: ReadonlySet<string>): Alarm[] {
    const found: Alarm[] = [];
    for (const alarm of this.#rows) {
      if (found.length === count) break;
      if (!except.has(alarm.id)) found.push(alarm);
    }
    return found;
  }

  /** How many stand before it; the order is total, so that is where it stands or belongs. */
  #placeOf(alarm: Alarm): number {
    let low = 0;
    let high = this.#rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareAlarms(this.#rows[middle] as Alarm, alarm) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
