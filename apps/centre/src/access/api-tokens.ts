import type { ApiToken, Permission, Role } from '@fengsui/protocol';
import type { Clock } from '../platform/clock.ts';
import type { Store } from '../store/store.ts';
import { sha256, type Callers, type KeptToken } from './callers.ts';
import { randomToken } from './random-token.ts';

const USE_EVERY_MS = 60_000;

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

  /**
   * An API token for a program; shown once.
   *
   * @param permissions those of the role that it is for; without them all.
   * @param organisationId of the venues it sees, cut to `venueIds` if there are any.
   */
  async create(
    name: string,
    role: Role,
    venueIds: readonly string[] | undefined,
    expiresAt: number | undefined,
    permissions?: readonly Permission[],
    organisationId?: string,
  ): Promise<string> {
    const token = `fst_${randomToken()}`;
    const tokenSha256 = sha256(token);
    const createdAt = this.#clock.now();
    await this.#store.commit([
      {
        kind: 'sql',
        sql:
          'insert into api_token (token_sha256, name, role, venue_ids, created_at, expires_at, permissions, organisation_id) ' +
          'values ($1, $2, $3, $4, $5, $6, $7, $8)',
        params: [
          tokenSha256,
          name,
          role,
          venueIds ?? null,
          createdAt,
          expiresAt ?? null,
          permissions ?? null,
          organisationId ?? null,
        ],
      },
    ]);
    const holder = { username: name, role, venueIds, organisationId };
    const kept = { ...holder, tokenSha256, createdAt, expiresAt, usedAt: undefined, permissions };
    this.#callers.tokens.set(tokenSha256, kept);
    return token;
  }

  /** Those that are not revoked, the newest first; expired ones too. */
  list(): readonly ApiToken[] {
    return [...this.#callers.tokens.values()].sort((a, b) => b.createdAt - a.createdAt).map(shown);
  }

  /** What works with it ends at once. Its name, undefined if there is no such one. */
  async revoke(id: string): Promise<string | undefined> {
    const found = [...this.#callers.tokens.values()].find((token) => idOf(token) === id);
    if (found === undefined) return undefined;
    await this.#store.commit([
      {
        kind: 'sql',
        sql: 'update api_token set revoked_at = $2 where token_sha256 = $1',
        params: [found.tokenSha256, this.#clock.now()],
      },
    ]);
    this.#callers.tokens.delete(found.tokenSha256);
    this.#callers.changed();
    return found.username;
  }

  /** Notes that it is used, once a minute at most; that it could not be written is no reason to refuse its work. */
  used(token: string): void {
    const kept = this.#callers.tokens.get(sha256(token));
    const now = this.#clock.now();
    if (kept === undefined || Math.abs(now - (kept.usedAt ?? 0)) < USE_EVERY_MS) return;
    this.#callers.tokens.set(kept.tokenSha256, { ...kept, usedAt: now });
    const sql = 'update api_token set used_at = $2 where token_sha256 = $1';
    this.#store.commit([{ kind: 'sql', sql, params: [kept.tokenSha256, now] }]).catch(() => undefined);
  }
}

const instant = (ms: number): string => new Date(ms).toISOString();

/** Names a token, and opens nothing: part of the hash of what opens it. */
const idOf = ({ tokenSha256 }: KeptToken): string => tokenSha256.slice(0, 16);

function shown(token: KeptToken): ApiToken {
  const { username, role, venueIds, organisationId, createdAt, expiresAt, usedAt, permissions } = token;
  return {
    id: idOf(token),
    name: username,
    role,
    ...(venueIds !== undefined && { venueIds: [...venueIds] }),
    ...(organisationId !== undefined && { organisationId }),
    ...(permissions !== undefined && { permissions: [...permissions] }),
    createdAt: instant(createdAt),
    ...(expiresAt !== undefined && { expiresAt: instant(expiresAt) }),
    ...(usedAt !== undefined && { usedAt: instant(usedAt) }),
  };
}
