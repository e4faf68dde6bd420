import type { Clock } from '../platform/clock.ts';
import type { Store } from '../store/store.ts';
import { sha256 } from './callers.ts';
import { randomToken } from './random-token.ts';

const FOUNDER_LINK_MS = 24 * 3_600_000;

/** The link that makes its first user the founder. */
export class FounderLink {
  readonly #store: Store;
  readonly #clock: Clock;

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** A new one; earlier unused ones die. */
  async create(): Promise<string> {
    const token = randomToken();
    await this.#store.commit([
      { kind: 'sql', sql: 'delete from founder_link where used_at is null' },
      {
        kind: 'sql',
        sql: 'insert into founder_link (token_sha256, created_at) values ($1, $2)',
        params: [sha256(token), this.#clock.now()],
      },
    ]);
    return token;
  }

  /** Whether it was the one, within 24 h and unused; it is used then. */
  async claim(token: string): Promise<boolean> {
    const now = this.#clock.now();
    const [rows] = await this.#store.commit([
      {
        kind: 'sql',
        // One statement: of two who click at once, one gets the row.
        sql: 'update founder_link set used_at = $2 where token_sha256 = $1 and used_at is null and created_at > $3 returning 1 as claimed',
        params: [sha256(token), now, now - FOUNDER_LINK_MS],
      },
    ]);
    return rows?.length === 1;
  }
}
