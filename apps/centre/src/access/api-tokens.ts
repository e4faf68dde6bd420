import type { Role } from '@fengsui/protocol';
import type { Clock } from '../platform/clock.ts';
import type { Store } from '../store/store.ts';
import { sha256, type Callers } from './callers.ts';
import { randomToken } from './random-token.ts';

/** Tokens with which programs call. */
export class ApiTokens {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #callers: Callers;

  constructor(store: Store, clock: Clock, callers: Callers) {
    this.#store = store;
    this.#clock = clock;
    this.#callers = callers;
  }

  /** An API token for a program; shown once. */
  async create(
    name: string,
    role: Role,
    venueIds: readonly string[] | undefined,
    expiresAt: number | undefined,
  ): Promise<string> {
    const token = `fst_${randomToken()}`;
    const tokenSha256 = sha256(token);
    await this.#store.commit([
      {
        kind: 'sql',
        sql: 'insert into api_token (token_sha256, name, role, venue_ids, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)',
        params: [tokenSha256, name, role, venueIds ?? null, this.#clock.now(), expiresAt ?? null],
      },
    ]);
    this.#callers.tokens.set(tokenSha256, { tokenSha256, expiresAt, username: name, role, venueIds });
    return token;
  }
}
