import type { Clock } from '../platform/clock.ts';
import type { Row, Store } from '../store/store.ts';
import { sha256, type Holder } from './callers.ts';
import { randomToken } from './random-token.ts';

const LINK_MS = 24 * 3_600_000;

/** Links that log a wall screen in without a password: once, within 24 hours, to look and nothing else. */
export class DisplayLinks {
  readonly #store: Store;
  readonly #clock: Clock;

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  async create(
    name: string,
    venueIds: readonly string[] | undefined,
  ): Promise<{ readonly token: string; readonly expiresAt: number }> {
    const token = randomToken();
    const now = this.#clock.now();
    await this.#store.commit([
      { kind: 'sql', sql: 'delete from display_link where created_at <= $1', params: [now - LINK_MS] },
      {
        kind: 'sql',
        sql: 'insert into display_link (token_sha256, name, venue_ids, created_at) values ($1, $2, $3, $4)',
        params: [sha256(token), name, venueIds ?? null, now],
      },
    ]);
    return { token, expiresAt: now + LINK_MS };
  }

  /** Who comes by it, if it is one that is alive; it is used then. A colon is in no name of an account. */
  async claim(token: string): Promise<Holder | undefined> {
    const now = this.#clock.now();
    const [rows] = await this.#store.commit([
      {
        kind: 'sql',
        // One statement: of two that open it at once, one gets the row.
        sql: 'update display_link set used_at = $2 where token_sha256 = $1 and used_at is null and created_at > $3 returning name, venue_ids',
        params: [sha256(token), now, now - LINK_MS],
      },
    ]);
    const row: Row | undefined = rows?.[0];
    if (row === undefined) return undefined;
    const venueIds = (row['venue_ids'] as string[] | null) ?? undefined;
    return { username: `wall:${row['name'] as string}`, role: 'display', venueIds, organisationId: undefined };
  }
}
