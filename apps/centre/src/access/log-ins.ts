import type { LogIn, OwedStep, Role } from '@fengsui/protocol';
import type { Clock } from '../platform/clock.ts';
import type { Store } from '../store/store.ts';
import type { AccessSettings } from './access-settings.ts';
import { sha256, type Caller, type Callers, type Holder, type Login } from './callers.ts';
import { logInId } from './log-in-id.ts';
import { isFresh, msUntilLocked } from './log-in-watch.ts';
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
const MINUTE_MS = 60_000;

/** Log-ins by cookie: opened, listed, ended. */
export class LogIns {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #callers: Callers;
  readonly #maxPerAccount: number;
  readonly #idleLockMs: number;

  constructor(store: Store, clock: Clock, callers: Callers, { maxSessions, idleLockMinutes }: AccessSettings) {
    this.#store = store;
    this.#clock = clock;
    this.#callers = callers;
    this.#maxPerAccount = maxSessions;
    this.#idleLockMs = idleLockMinutes * MINUTE_MS;
  }

  /** A new log-in; with it those end that have not been used for longest, if the account has too many. */
  async open(holder: Holder, place?: Place, owes?: OwedStep): Promise<OpenedLogIn> {
    const { username, role, venueIds, organisationId } = holder;
    const token = randomToken();
    const createdAt = this.#clock.now();
    const login: Login = {
      username,
      role,
      venueIds,
      organisationId,
      tokenSha256: sha256(token),
      csrfToken: randomToken(),
      createdAt,
      usedAt: createdAt,
      expiresAt: createdAt + lifeOf(role),
      confirmedAt: createdAt,
      isLocked: false,
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
          'owes, address, agent, organisation_id) values ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9, $10, $11)',
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
          organisationId ?? null,
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
        id: logInId(login.tokenSha256),
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
    const found = this.#alive(username).filter((login) => logInId(login.tokenSha256) === id);
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

  /**
   * Notes that somebody acts there, in the store once a minute; that it could not be written is no reason to refuse the
   * act.
   */
  used(token: string): void {
    const login = this.#callers.logins.get(sha256(token));
    if (login === undefined) return;
    const now = this.#clock.now();
    this.#callers.logins.set(login.tokenSha256, { ...login, usedAt: now });
    if (Math.floor(now / MINUTE_MS) === Math.floor(login.usedAt / MINUTE_MS)) return;
    const sql = 'update login set used_at = $2 where token_sha256 = $1';
    this.#store.commit([{ kind: 'sql', sql, params: [login.tokenSha256, now] }]).catch(() => undefined);
  }

  /** Whether its holder proved a short while ago who he is; who came by a link has nothing to prove it with. */
  isFresh(token: string): boolean {
    const login = this.#callers.logins.get(sha256(token));
    if (login === undefined) return false;
    return !this.#callers.accounts.has(login.username) || isFresh(login, this.#clock.now());
  }

  /** How long until it is locked, in ms; 0: it is; undefined: never. */
  msUntilLocked(token: string): number | undefined {
    const login = this.#callers.logins.get(sha256(token));
    return login === undefined ? undefined : msUntilLocked(login, this.#idleLockMs, this.#clock.now());
  }

  /** Its holder leaves his seat: locked until he unlocks it. */
  async lock(token: string): Promise<void> {
    await this.#update(token, { isLocked: true });
  }

  /** Somebody is back, who has shown that it is he. */
  async unlock(token: string): Promise<void> {
    await this.#update(token, { isLocked: false, usedAt: this.#clock.now() });
  }

  /** He has proved anew who he is, with all that a log-in takes. */
  async confirmed(token: string): Promise<void> {
    const now = this.#clock.now();
    await this.#update(token, { isLocked: false, usedAt: now, confirmedAt: now });
  }

  /** What the log-in of this token has to do next; undefined: nothing, it has its rights. */
  async setOwed(token: string, owes: OwedStep | undefined): Promise<void> {
    await this.#update(token, { owes });
    this.#callers.changed();
  }

  async #update(token: string, change: Partial<Login>): Promise<void> {
    const login = this.#callers.logins.get(sha256(token));
    if (login === undefined) return;
    const next = { ...login, ...change };
    const { tokenSha256, owes, usedAt, confirmedAt, isLocked } = next;
    await this.#store.commit([
      {
        kind: 'sql',
        sql: 'update login set owes = $2, used_at = $3, confirmed_at = $4, is_locked = $5 where token_sha256 = $1',
        params: [tokenSha256, owes ?? null, usedAt, confirmedAt, isLocked],
      },
    ]);
    // It may have ended, or somebody acted there, meanwhile.
    const now = this.#callers.logins.get(tokenSha256);
    if (now !== undefined) this.#callers.logins.set(tokenSha256, { ...now, ...change });
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

const instant = (ms: number): string => new Date(ms).toISOString();
