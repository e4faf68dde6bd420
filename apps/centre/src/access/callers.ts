import { hash } from 'node:crypto';
import type { Account, Permission, Role } from '@fengsui/protocol';
import type { Clock } from '../platform/clock.ts';
import type { Row, Store } from '../store/store.ts';
import { permissionsOf, rolesBoundToVenues } from './role.ts';
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

export type Holder = {
  readonly username: string;
  readonly role: Role;
  readonly venueIds: readonly string[] | undefined;
};
export type Login = { readonly tokenSha256: string; readonly csrfToken: string; readonly expiresAt: number } & Holder;
export type ApiToken = { readonly tokenSha256: string; readonly expiresAt: number | undefined } & Holder;
export type KeptAccount = Account & { readonly passwordHash: string };

export const sha256 = (text: string): string => hash('sha256', text, 'hex');

/** Accounts, log-ins and tokens in memory, by SHA-256 of what their holder shows. */
export class Callers {
  readonly accounts = new Map<string, KeptAccount>();
  readonly logins = new Map<string, Login>();
  readonly tokens = new Map<string, ApiToken>();
  readonly #clock: Clock;
  readonly #isDemo: boolean;

  constructor(clock: Clock, isDemo: boolean) {
    this.#clock = clock;
    this.#isDemo = isDemo;
  }

  /** Everything anew, as the store has it; until all is read the old holds. */
  async load(store: Store): Promise<void> {
    const accounts = await store.query('select * from account');
    const logins = await store.query('select * from login');
    const tokens = await store.query('select *, name as username from api_token where revoked_at is null');
    for (const map of [this.accounts, this.logins, this.tokens]) map.clear();
    for (const row of accounts) {
      const account = accountOf(row);
      this.accounts.set(account.username, account);
    }
    for (const row of logins) {
      const tokenSha256 = row['token_sha256'] as string;
      const expiresAt = row['expires_at'] as number;
      const csrfToken = row['csrf_token'] as string;
      this.logins.set(tokenSha256, { tokenSha256, csrfToken, expiresAt, ...holderOf(row) });
    }
    for (const row of tokens) {
      const tokenSha256 = row['token_sha256'] as string;
      const expiresAt = (row['expires_at'] as number | null) ?? undefined;
      this.tokens.set(tokenSha256, { tokenSha256, expiresAt, ...holderOf(row) });
    }
  }

  callerOfLogin(token: string): Caller | undefined {
    const login = this.logins.get(sha256(token));
    if (login === undefined || login.expiresAt <= this.#clock.now()) return undefined;
    if (this.accounts.get(login.username)?.disabled === true) return undefined;
    return { ...this.callerOf(login), csrfToken: login.csrfToken };
  }

  callerOfToken(token: string): Caller | undefined {
    const kept = this.tokens.get(sha256(token));
    if (kept === undefined || (kept.expiresAt !== undefined && kept.expiresAt <= this.#clock.now())) return undefined;
    return this.callerOf(kept);
  }

  callerOf({ username, role, venueIds }: Holder): Caller {
    const permissions = new Set(permissionsOf(role, this.#isDemo));
    const unbound = rolesBoundToVenues.includes(role) ? [] : 'all';
    return { username, role, permissions, scope: { venues: venueIds ?? unbound } };
  }
}

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
