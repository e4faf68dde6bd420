import { isWithin } from '../platform/clock.ts';

const FAILURES = 5;
const WINDOW_MS = 15 * 60_000;
const KEPT = 10_000;

/** Five wrong passwords for a name from one address: that address waits. A stranger cannot lock the owner out. */
export class LoginThrottle {
  readonly #failures = new Map<string, { count: number; since: number }>();

  /** Seconds to wait, or undefined when an attempt may be made. */
  retryAfterS(username: string, address: string, now: number): number | undefined {
    const known = this.#failures.get(`${address} ${username}`);
    if (known === undefined || known.count < FAILURES || !isWithin(now, known.since, WINDOW_MS)) return undefined;
    return Math.ceil((known.since + WINDOW_MS - now) / 1000);
  }

  failed(username: string, address: string, now: number): void {
    const key = `${address} ${username}`;
    const known = this.#failures.get(key);
    const isFresh = known !== undefined && isWithin(now, known.since, WINDOW_MS);
    this.#failures.delete(key);
    this.#failures.set(key, isFresh ? { count: known.count + 1, since: known.since } : { count: 1, since: now });
    if (this.#failures.size > KEPT) {
      const oldest = this.#failures.keys().next();
      if (!oldest.done) this.#failures.delete(oldest.value);
    }
  }

  /** Whoever waits for this name waits no longer. */
  forget(username: string): void {
    for (const key of this.#failures.keys()) if (key.endsWith(` ${username}`)) this.#failures.delete(key);
  }

  succeeded(username: string, address: string): void {
    this.#failures.delete(`${address} ${username}`);
  }
}
