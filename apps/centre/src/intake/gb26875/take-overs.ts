import { isWithin } from '../../platform/clock.ts';

const WINDOW_MS = 10 * 60_000;
/** A device whose link flaps takes its own place over; not this often while the old link still speaks. */
const MOST_TAKE_OVERS = 3;
/** A link heard of this recently was alive when it was taken over. */
const ALIVE_MS = 60_000;

type TakeOver = { readonly at: number; readonly from: string; readonly to: string };

/** Tells a device that came back from two that share an address: more than 3 take-overs in 10 min, or A → B → A. */
export class TakeOvers {
  #recent: TakeOver[] = [];

  /** True when this take-over shows two peers. Addresses without port. */
  note(from: string, to: string, lastHeardAt: number, at: number): boolean {
    if (at - lastHeardAt > ALIVE_MS) return false;
    this.#recent = this.#recent.filter((before) => isWithin(at, before.at, WINDOW_MS)).slice(-MOST_TAKE_OVERS);
    const isBackAndForth = from !== to && this.#recent.some((before) => before.from === to && before.to === from);
    this.#recent.push({ at, from, to });
    return isBackAndForth || this.#recent.length > MOST_TAKE_OVERS;
  }
}
