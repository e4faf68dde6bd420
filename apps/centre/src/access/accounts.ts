import { randomBytes } from 'node:crypto';
import type { Account, Role } from '@fengsui/protocol';
import type { Clock } from '../platform/clock.ts';
import { StoreError } from '../store/store-error.ts';
import type { Store } from '../store/store.ts';
import { Callers, sha256, type Caller, type KeptAccount, type Login } from './callers.ts';
import { hashPassword, passwordProblem, verifyPassword } from './password.ts';
import { administratorRoles, rolesBoundToVenues } from './role.ts';

export type Refusal = { readonly refused: { readonly code: string; readonly detail: string } };

const LOGIN_MS = 12 * 3_600_000;
/** A wall screen has nobody who could log it in again at night. */
const DISPLAY_LOGIN_MS = 365 * 86_400_000;
const FOUNDER_LINK_MS = 24 * 3_600_000;

const randomToken = (): string => randomBytes(32).toString('base64url');

/** Accounts, log-ins, tokens and the founder's link: written through to the store, read from memory. */
export class Accounts {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #callers: Callers;

  constructor(store: Store, clock: Clock, isDemo: boolean) {
    this.#store = store;
    this.#clock = clock;
    this.#callers = new Callers(clock, isDemo);
  }

  async load(): Promise<void> {
    const now = this.#clock.now();
    await this.#store.commit([{ kind: 'sql', sql: 'delete from login where expires_at < $1', params: [now] }]);
    await this.#callers.load(this.#store);
  }

  list(): readonly Account[] {
    return [...this.#callers.accounts.values()].map(({ passwordHash: _secret, ...account }) => account);
  }

  get hasAllAdministrators(): boolean {
    const existing = new Set(
      [...this.#callers.accounts.values()].filter(({ disabled }) => !disabled).map(({ role }) => role),
    );
    return administratorRoles.every((role) => existing.has(role));
  }

  async create(
    username: string,
    password: string,
    role: Role,
    venueIds: readonly string[] | undefined,
  ): Promise<Account | Refusal> {
    const problem = this.#problem(username, password, role, venueIds);
    if (problem !== undefined) return refuse('invalidAccount', problem);
    const passwordHash = await hashPassword(password);
    const createdAt = this.#clock.now();
    try {
      await this.#store.commit([
        {
          kind: 'sql',
          sql: 'insert into account (username, role, password_hash, venue_ids, created_at) values ($1, $2, $3, $4, $5)',
          params: [username, role, passwordHash, venueIds ?? null, createdAt],
        },
      ]);
    } catch (error) {
      if (error instanceof StoreError && error.code === 'unique')
        return refuse('accountExists', `account ${username} exists already`);
      throw error;
    }
    const account: KeptAccount = {
      username,
      role,
      passwordHash,
      ...(venueIds !== undefined && { venueIds: [...venueIds] }),
      createdAt: new Date(createdAt).toISOString(),
      disabled: false,
    };
    this.#callers.accounts.set(username, account);
    if (this.hasAllAdministrators) await this.#endFounders();
    const { passwordHash: _secret, ...shown } = account;
    return shown;
  }

  /** The token of a new log-in, or undefined when name or password is wrong. */
  async logIn(
    username: string,
    password: string,
  ): Promise<{ readonly token: string; readonly caller: Caller } | undefined> {
    const account = this.#callers.accounts.get(username);
    const isRight = await verifyPassword(password, account?.passwordHash);
    if (!isRight || account === undefined || account.disabled) return undefined;
    return this.#openLogin(account.username, account.role, account.venueIds);
  }

  async logOut(token: string): Promise<void> {
    const tokenSha256 = sha256(token);
    this.#callers.logins.delete(tokenSha256);
    await this.#store.commit([
      { kind: 'sql', sql: 'delete from login where token_sha256 = $1', params: [tokenSha256] },
    ]);
  }

  callerOfLogin(token: string): Caller | undefined {
    return this.#callers.callerOfLogin(token);
  }

  callerOfToken(token: string): Caller | undefined {
    return this.#callers.callerOfToken(token);
  }

  /** An API token for a program; shown once. */
  async createToken(
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

  /** A link that makes its first user the founder; earlier unused ones die. Undefined once administrators exist. */
  async createFounderLink(): Promise<string | undefined> {
    if (this.hasAllAdministrators) return undefined;
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

  async claimFounderLink(token: string): Promise<{ readonly token: string; readonly caller: Caller } | undefined> {
    if (this.hasAllAdministrators) return undefined;
    const now = this.#clock.now();
    const [rows] = await this.#store.commit([
      {
        kind: 'sql',
        // One statement: of two who click at once, one gets the row.
        sql: 'update founder_link set used_at = $2 where token_sha256 = $1 and used_at is null and created_at > $3 returning 1 as claimed',
        params: [sha256(token), now, now - FOUNDER_LINK_MS],
      },
    ]);
    if (rows?.length !== 1) return undefined;
    return this.#openLogin('founder', 'founder', undefined);
  }

  async #openLogin(username: string, role: Role, venueIds: readonly string[] | undefined) {
    const token = randomToken();
    const csrfToken = randomToken();
    const createdAt = this.#clock.now();
    const expiresAt = createdAt + (role === 'display' ? DISPLAY_LOGIN_MS : LOGIN_MS);
    const login: Login = { tokenSha256: sha256(token), csrfToken, expiresAt, username, role, venueIds };
    await this.#store.commit([
      {
        kind: 'sql',
        sql:
          'insert into login (token_sha256, username, role, venue_ids, csrf_token, created_at, used_at, expires_at) ' +
          'values ($1, $2, $3, $4, $5, $6, $6, $7)',
        params: [login.tokenSha256, username, role, venueIds ?? null, csrfToken, createdAt, expiresAt],
      },
    ]);
    this.#callers.logins.set(login.tokenSha256, login);
    return { token, caller: { ...this.#callers.callerOf(login), csrfToken } };
  }

  async #endFounders(): Promise<void> {
    for (const [token, { role }] of this.#callers.logins) if (role === 'founder') this.#callers.logins.delete(token);
    await this.#store.commit([{ kind: 'sql', sql: "delete from login where role = 'founder'" }]);
  }

  #problem(
    username: string,
    password: string,
    role: Role,
    venueIds: readonly string[] | undefined,
  ): string | undefined {
    if (!/^[\p{L}\p{N}._@-]{2,64}$/u.test(username)) return 'a user name has 2 to 64 letters, digits or . _ @ -';
    if (username === 'founder' || role === 'founder') return 'the founder comes from the one-time link only';
    if (rolesBoundToVenues.includes(role) && venueIds === undefined)
      return `an account of role ${role} needs its venues`;
    return passwordProblem(password, username);
  }
}

const refuse = (code: string, detail: string): Refusal => ({ refused: { code, detail } });
