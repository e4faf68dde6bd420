import { hash, randomBytes } from 'node:crypto';
import type { Account, Permission, Role } from '@fengsui/protocol';
import type { Clock } from '../platform/clock.ts';
import { StoreError } from '../store/store-error.ts';
import type { Row, Store } from '../store/store.ts';
import { hashPassword, passwordProblem, verifyPassword } from './password.ts';
import { administratorRoles, permissionsOf, rolesBoundToVenues } from './role.ts';
import type { Scope } from './scope.ts';

/** Who calls, and what he may see and do. */
export type Caller = {
  readonly username: string;
  readonly role: Role;
  readonly permissions: ReadonlySet<Permission>;
  readonly scope: Scope;
  /** Present for a log-in by cookie: sent back with every write. */
  readonly csrfToken?: string;
};

export type Refusal = { readonly refused: { readonly code: string; readonly detail: string } };

type Login = { readonly tokenSha256: string; readonly csrfToken: string; readonly expiresAt: number } & Holder;
type ApiToken = { readonly tokenSha256: string; readonly expiresAt: number | undefined } & Holder;
type Holder = { readonly username: string; readonly role: Role; readonly venueIds: readonly string[] | undefined };
type KeptAccount = Account & { readonly passwordHash: string };

const LOGIN_MS = 12 * 3_600_000;
/** A wall screen has nobody who could log it in again at night. */
const DISPLAY_LOGIN_MS = 365 * 86_400_000;
const FOUNDER_LINK_MS = 24 * 3_600_000;

const sha256 = (text: string): string => hash('sha256', text, 'hex');
const randomToken = (): string => randomBytes(32).toString('base64url');

/** Accounts, log-ins, tokens and the founder's link: written through to the store, read from memory. */
export class Accounts {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #isDemo: boolean;
  readonly #accounts = new Map<string, KeptAccount>();
  readonly #logins = new Map<string, Login>();
  readonly #tokens = new Map<string, ApiToken>();

  constructor(store: Store, clock: Clock, isDemo: boolean) {
    this.#store = store;
    this.#clock = clock;
    this.#isDemo = isDemo;
  }

  async load(): Promise<void> {
    for (const row of await this.#store.query('select * from account')) {
      const account = accountOf(row);
      this.#accounts.set(account.username, account);
    }
    const now = this.#clock.now();
    await this.#store.commit([{ kind: 'sql', sql: 'delete from login where expires_at < $1', params: [now] }]);
    for (const row of await this.#store.query('select * from login')) {
      const tokenSha256 = row['token_sha256'] as string;
      const expiresAt = row['expires_at'] as number;
      this.#logins.set(tokenSha256, {
        tokenSha256,
        csrfToken: row['csrf_token'] as string,
        expiresAt,
        ...holderOf(row),
      });
    }
    for (const row of await this.#store.query('select *, name as username from api_token where revoked_at is null')) {
      const tokenSha256 = row['token_sha256'] as string;
      this.#tokens.set(tokenSha256, {
        tokenSha256,
        expiresAt: (row['expires_at'] as number | null) ?? undefined,
        ...holderOf(row),
      });
    }
  }

  list(): readonly Account[] {
    return [...this.#accounts.values()].map(({ passwordHash: _secret, ...account }) => account);
  }

  get hasAllAdministrators(): boolean {
    const existing = new Set([...this.#accounts.values()].filter(({ disabled }) => !disabled).map(({ role }) => role));
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
    this.#accounts.set(username, account);
    if (this.hasAllAdministrators) await this.#endFounders();
    const { passwordHash: _secret, ...shown } = account;
    return shown;
  }

  /** The token of a new log-in, or undefined when name or password is wrong. */
  async logIn(
    username: string,
    password: string,
  ): Promise<{ readonly token: string; readonly caller: Caller } | undefined> {
    const account = this.#accounts.get(username);
    const isRight = await verifyPassword(password, account?.passwordHash);
    if (!isRight || account === undefined || account.disabled) return undefined;
    return this.#openLogin(account.username, account.role, account.venueIds);
  }

  async logOut(token: string): Promise<void> {
    const tokenSha256 = sha256(token);
    this.#logins.delete(tokenSha256);
    await this.#store.commit([
      { kind: 'sql', sql: 'delete from login where token_sha256 = $1', params: [tokenSha256] },
    ]);
  }

  callerOfLogin(token: string): Caller | undefined {
    const login = this.#logins.get(sha256(token));
    if (login === undefined || login.expiresAt <= this.#clock.now()) return undefined;
    if (this.#accounts.get(login.username)?.disabled === true) return undefined;
    return { ...this.#callerOf(login), csrfToken: login.csrfToken };
  }

  callerOfToken(token: string): Caller | undefined {
    const kept = this.#tokens.get(sha256(token));
    if (kept === undefined || (kept.expiresAt !== undefined && kept.expiresAt <= this.#clock.now())) return undefined;
    return this.#callerOf(kept);
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
    this.#tokens.set(tokenSha256, { tokenSha256, expiresAt, username: name, role, venueIds });
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
    this.#logins.set(login.tokenSha256, login);
    return { token, caller: { ...this.#callerOf(login), csrfToken } };
  }

  async #endFounders(): Promise<void> {
    for (const [token, { role }] of this.#logins) if (role === 'founder') this.#logins.delete(token);
    await this.#store.commit([{ kind: 'sql', sql: "delete from login where role = 'founder'" }]);
  }

  #callerOf({ username, role, venueIds }: Holder): Caller {
    const permissions = new Set(permissionsOf(role, this.#isDemo));
    const unbound = rolesBoundToVenues.includes(role) ? [] : 'all';
    return { username, role, permissions, scope: { venues: venueIds ?? unbound } };
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

const holderOf = (row: Row): Holder => ({
  username: row['username'] as string,
  role: row['role'] as Role,
  venueIds: (row['venue_ids'] as string[] | null) ?? undefined,
});

function accountOf(row: Row): KeptAccount {
  const { username, role, venueIds } = holderOf(row);
  return {
    username,
    role,
    passwordHash: row['password_hash'] as string,
    ...(venueIds !== undefined && { venueIds: [...venueIds] }),
    createdAt: new Date(row['created_at'] as number).toISOString(),
    disabled: row['disabled'] as boolean,
  };
}
