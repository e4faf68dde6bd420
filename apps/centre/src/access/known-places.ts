import type { Clock } from '../platform/clock.ts';
import type { Store } from '../store/store.ts';
import { sha256 } from './callers.ts';

/** Of one account. */
const KEPT = 20;

/** From where accounts have logged in before: addresses, and browsers by the token that they were given then. */
export class KnownPlaces {
  readonly #store: Store;
  readonly #clock: Clock;
  /** By account; the one seen last stands last. */
  readonly #places = new Map<string, Set<string>>();

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  async load(): Promise<void> {
    this.#places.clear();
    for (const row of await this.#store.query('select * from known_place order by seen_at'))
      this.#of(row['username'] as string).add(row['place_sha256'] as string);
  }

  has(username: string, place: string): boolean {
    return this.#places.get(username)?.has(sha256(place)) === true;
  }

  /** Remembers that the account logged in from these; the ones seen longest ago are forgotten. */
  async remember(username: string, places: readonly string[]): Promise<void> {
    const kept = this.#of(username);
    for (const place of places.map(sha256)) {
      kept.delete(place);
      kept.add(place);
    }
    const forgotten = [...kept].slice(0, Math.max(0, kept.size - KEPT));
    for (const place of forgotten) kept.delete(place);
    const now = this.#clock.now();
    await this.#store.commit([
      ...places.map((place) => ({
        kind: 'sql' as const,
        sql:
          'insert into known_place (username, place_sha256, seen_at) values ($1, $2, $3) ' +
          'on conflict (username, place_sha256) do update set seen_at = excluded.seen_at',
        params: [username, sha256(place), now],
      })),
      {
        kind: 'sql',
        sql: 'delete from known_place where username = $1 and place_sha256 = any($2::text[])',
        params: [username, forgotten],
      },
    ]);
  }

  #of(username: string): Set<string> {
    const places = this.#places.get(username) ?? new Set();
    this.#places.set(username, places);
    return places;
  }
}
