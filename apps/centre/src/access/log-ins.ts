import type { LogIn, OwedStep, Role } from '@fengsui/protocol';
import type { Clock } from '../platform/clock.ts';
import type { Store } from '../store/store.ts';
import { sha256, type Caller, type Callers, type Holder, type Login } from './callers.ts';
import { randomToken } from './random-token.ts';

export type OpenedLogIn = { readonly token: string; readonly caller: Caller };

/** From where somebody logs in, and with what. */
export type Place = { readonly address: string; readonly agent: string };

const LOGIN_MS = 12 * 3_600_000;
/** A wall screen has nobody who could log it in again at night. */
const DISPLAY_LOGIN_MS = 365 * 86_400_000;
/** Screens of one display account: none of them goes dark because one more is lit. */
const DISPLAY_LOGINS = 64;
const LONGEST_AGENT = 200;
const USE_EVERY_MS = 60_000;

/** Log-ins by cookie: opened, listed, ended. */
export class LogIns {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #callers: Callers;
  readonly #maxPerAccount: number;

  constructor(store: Store, clock: Clock, callers: Callers, maxPerAccount: number) {
    this.#store = store;
    this.#clock = clock;
    this.#callers = callers;
    this.#maxPerAccount = maxPerAccount;
  }

  /** A new log-in; with it those end that have not been used for longest, if the account has too many. */
  async open(holder: Holder, place?: Place, owes?: OwedStep): Promise<OpenedLogIn> {
    const { username, role, venueIds } = holder;
    const token = randomToken();
    const createdAt = this.#clock.now();
    const login: Login = {
      username,
      role,
      venueIds,
      tokenSha256: sha256(token),
      csrfToken: randomToken(),
      createdAt,
      usedAt: createdAt,
      expiresAt: createdAt + lifeOf(role),
      owes,
      address: place?.address,
      agent: place?.agent.slice(0, LONGEST_AGENT),
    };
    await this.#end(this.#tooMany(username, role));
    await this.#store.commit([
      {
        kind: 'sql',
        sql:
          'insert into login (token_sha256, username, role, venue_ids, csrf_token, created_at, used_at, expires_at, ' +
          'owes, address, agent) values ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9, $10)',
        params: [
          login.tokenSha256,
          username,
          role,
          venueIds ?? null,
          login.csrfToken,
          createdAt,
          login.expiresAt,
          owes ?? null,
          login.address ?? null,
          login.agent ?? null,
        ],
      },
    ]);
    this.#callers.logins.set(login.tokenSha256, login);
    const caller = this.#callers.callerOfLogin(token);
    if (caller === undefined) throw new Error(`account ${username} was disabled while it logged in`);
    return { token, caller };
  }

  /** Those that are alive, the newest first; of everybody without a name. */
  list(username: string | undefined, ownToken: string | undefined): readonly LogIn[] {
    const own = ownToken === undefined ? undefined : sha256(ownToken);
    return this.#alive(username)
      .sort((a, b) => b.createdAt - a.createdAt)
      .map((login) => ({
        id: idOf(login),
        username: login.username,
        role: this.#callers.accounts.get(login.username)?.role ?? login.role,
        createdAt: instant(login.createdAt),
        usedAt: instant(login.usedAt),
        expiresAt: instant(login.expiresAt),
        ...(login.address !== undefined && { address: login.address }),
        ...(login.agent !== undefined && { agent: login.agent }),
        own: login.tokenSha256 === own,
      }));
  }

  /** Ends the log-in of this token. */
  async endOwn(token: string): Promise<void> {
    const login = this.#callers.logins.get(sha256(token));
    if (login !== undefined) await this.#end([login]);
  }

  /** Ends one by its id; with a name only if it is that account's. Whose it was, undefined if there is no such one. */
  async end(id: string, username?: string): Promise<string | undefined> {
    const found = this.#alive(username).filter((login) => idOf(login) === id);
    await this.#end(found);
    return found[0]?.username;
  }

  /** Ends all of an account but the one of this token. */
  async endAll(username: string, exceptToken?: string): Promise<void> {
    const kept = exceptToken === undefined ? undefined : sha256(exceptToken);
    await this.#end(
      [...this.#callers.logins.values()].filter((login) => login.username === username && login.tokenSha256 !== kept),
    );
  }

  async endRole(role: Role): Promise<void> {
    await this.#end([...this.#callers.logins.values()].filter((login) => login.role === role));
  }

  /** Notes that somebody acts there, once a minute at most; that it could not be written is no reason to refuse the act. */
  used(token: string): void {
    const login = this.#callers.logins.get(sha256(token));
    const now = this.#clock.now();
    if (login === undefined || Math.abs(now - login.usedAt) < USE_EVERY_MS) return;
    this.#callers.logins.set(login.tokenSha256, { ...login, usedAt: now });
    const sql = 'update login set used_at = $2 where token_sha256 = $1';
    this.#store.commit([{ kind: 'sql', sql, params: [login.tokenSha256, now] }]).catch(() => undefined);
  }

  /** What the log-in of this token has to do next; undefined: nothing, it has its rights. */
  async setOwed(token: string, owes: OwedStep | undefined): Promise<void> {
    const login = this.#callers.logins.get(sha256(token));
    if (login === undefined) return;
    await this.#store.commit([
      {
        kind: 'sql',
        sql: 'update login set owes = $2 where token_sha256 = $1',
        params: [login.tokenSha256, owes ?? null],
      },
    ]);
    this.#callers.logins.set(login.tokenSha256, { ...login, owes });
    this.#callers.changed();
  }

  #alive(username: string | undefined): Login[] {
    const now = this.#clock.now();
    return [...this.#callers.logins.values()].filter(
      (login) => login.expiresAt > now && (username === undefined || login.username === username),
    );
  }

  #tooMany(username: string, role: Role): readonly Login[] {
    const most = role === 'display' ? DISPLAY_LOGINS : this.#maxPerAccount;
    const alive = this.#alive(username).sort((a, b) => a.usedAt - b.usedAt || a.createdAt - b.createdAt);
    // The founder sets the house up once, and has no account to bound.
    return role === 'founder' ? [] : alive.slice(0, Math.max(0, alive.length + 1 - most));
  }

  async #end(logins: readonly Login[]): Promise<void> {
    if (logins.length === 0) return;
    const ended = logins.map(({ tokenSha256 }) => tokenSha256);
    await this.#store.commit([
      { kind: 'sql', sql: 'delete from login where token_sha256 = any($1::text[])', params: [ended] },
    ]);
    for (const tokenSha256 of ended) this.#callers.logins.delete(tokenSha256);
    this.#callers.changed();
  }
}

/** Of a year for a wall; a day's shift and no more for people. */
export const lifeOf = (role: Role): number => (role === 'display' ? DISPLAY_LOGIN_MS : LOGIN_MS);

/** Names a log-in, and opens nothing: part of the hash of what opens it. */
const idOf = ({ tokenSha256 }: Login): string => tokenSha256.slice(0, 16);

const instant = (ms: number): string => new Date(ms).toISOString();
