import { isWithin } from '../platform/clock.ts';

/** Where an attempt comes from. */
export type Origin = {
  /** The browser if it is known, else the address. */
  readonly key: string;
  /** The owner of the name has logged in from there. */
  readonly isKnown: boolean;
};

type Count = { readonly count: number; readonly since: number; readonly last: number };

const WINDOW_MS = 15 * 60_000;
const KEPT = 10_000;
/** Of one name from one place. */
const PER_PLACE = 5;
/** Of whatever names from one place that none of them knows: one password tried on everybody. */
const PER_STRANGER = 100;
/** Of one name from places it does not know, before each further attempt has to wait. */
const FREE_PER_NAME = 10;
const NAME_WINDOW_MS = 60 * 60_000;

/**
 * What wrong passwords cost. Five for a name from one place: that place waits the rest of a quarter of an hour. More than
 * ten for a name from anywhere: whoever comes from a place that the name does not know waits, 1 s, 2 s, 4 s … and never
 * more than a quarter of an hour; its owner, where he has logged in before, does not. So guessing from many addresses is
 * slow, and nobody can shut an owner out. Names that do not exist are counted like others.
 */
export class LoginThrottle {
  readonly #places = new Map<string, Count>();
  readonly #strangers = new Map<string, Count>();
  readonly #names = new Map<string, Count>();

  /** Seconds to wait, or undefined when an attempt may be made. */
  retryAfterS(username: string, { key, isKnown }: Origin, now: number): number | undefined {
    const until = Math.max(
      restOf(this.#places.get(`${key} ${username}`), PER_PLACE, now),
      isKnown ? 0 : restOf(this.#strangers.get(key), PER_STRANGER, now),
      isKnown ? 0 : pauseEnd(this.#names.get(username), now),
    );
    return until > now ? Math.ceil((until - now) / 1000) : undefined;
  }

  /** Counted when it begins, so that many at once are many; `succeeded` takes it back. */
  attempted(username: string, { key, isKnown }: Origin, now: number): void {
    count(this.#places, `${key} ${username}`, now, WINDOW_MS);
    if (isKnown) return;
    count(this.#strangers, key, now, WINDOW_MS);
    count(this.#names, username, now, NAME_WINDOW_MS);
  }

  succeeded(username: string, { key, isKnown }: Origin): void {
    this.#places.delete(`${key} ${username}`);
    if (isKnown) return;
    // What others have guessed for this name stays counted.
    takeBack(this.#strangers, key);
    takeBack(this.#names, username);
  }

  /** It was no guess; what was guessed before stays counted. */
  takenBack(username: string, { key, isKnown }: Origin): void {
    takeBack(this.#places, `${key} ${username}`);
    if (isKnown) return;
    takeBack(this.#strangers, key);
    takeBack(this.#names, username);
  }

  /** Whoever waits for this name waits no longer. */
  forget(username: string): void {
    this.#names.delete(username);
    for (const key of this.#places.keys()) if (key.endsWith(` ${username}`)) this.#places.delete(key);
  }
}

/** The end of the window when there were too many in it. */
function restOf(known: Count | undefined, most: number, now: number): number {
  return known !== undefined && known.count >= most && isWithin(now, known.since, WINDOW_MS)
    ? known.since + WINDOW_MS
    : 0;
}

/** The end of the pause after the last attempt. */
function pauseEnd(known: Count | undefined, now: number): number {
  if (known === undefined || known.count <= FREE_PER_NAME || !isWithin(now, known.last, NAME_WINDOW_MS)) return 0;
  return known.last + Math.min(WINDOW_MS, 1000 * 2 ** (known.count - FREE_PER_NAME - 1));
}

/** One more under this key; of too many keys the one that was used longest ago goes. */
function count(counts: Map<string, Count>, key: string, now: number, windowMs: number): void {
  const known = counts.get(key);
  counts.delete(key);
  const isFresh = known !== undefined && isWithin(now, windowMs === WINDOW_MS ? known.since : known.last, windowMs);
  counts.set(key, isFresh ? { ...known, count: known.count + 1, last: now } : { count: 1, since: now, last: now });
  const [oldest] = counts.keys();
  if (counts.size > KEPT && oldest !== undefined) counts.delete(oldest);
}

function takeBack(counts: Map<string, Count>, key: string): void {
  const known = counts.get(key);
  if (known !== undefined) counts.set(key, { ...known, count: known.count - 1 });
}
