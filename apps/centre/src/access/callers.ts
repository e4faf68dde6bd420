import { hash } from 'node:crypto';
import type { Account, OwedStep, Permission, Role } from '@fengsui/protocol';
import type { Clock } from '../platform/clock.ts';
import { noOrganisations, type OrganisationTree } from './organisation-tree.ts';
import type { Row, Store } from '../store/store.ts';
import { permissionsOf, rolesBoundToVenues } from './role.ts';
import { narrow, type Scope } from './scope.ts';

/** Who calls, and what he may see and do. */
export type Caller = {
  readonly username: string;
  readonly role: Role;
  readonly permissions: ReadonlySet<Permission>;
  readonly scope: Scope;
  /** Present for a log-in by cookie: sent back with every write. */
  readonly csrfToken?: string;
  /** Before this is done the log-in may do nothing else. */
  readonly owes?: OwedStep;
};

export type Holder = {
  readonly username: string;
  readonly role: Role;
  /** Sees no others; undefined: all, or those of the organisation. */
  readonly venueIds: readonly string[] | undefined;
  /** Sees the venues of it and of those below it, as they are now; undefined: of all. */
  readonly organisationId: string | undefined;
};
export type Login = Holder & {
  readonly tokenSha256: string;
  readonly csrfToken: string;
  readonly createdAt: number;
  readonly usedAt: number;
  readonly expiresAt: number;
  /** When its holder last proved who he is. */
  readonly confirmedAt: number;
  /** Locked by its holder; one in which nobody acts is locked without it. */
  readonly isLocked: boolean;
  readonly owes: OwedStep | undefined;
  readonly address: string | undefined;
  readonly agent: string | undefined;
};
export type KeptToken = Holder & {
  readonly tokenSha256: string;
  readonly createdAt: number;
  readonly expiresAt: number | undefined;
  readonly usedAt: number | undefined;
  /** What of its role it is for; undefined: all of it. */
  readonly permissions: readonly Permission[] | undefined;
};
export type KeptAccount = Account & {
  readonly passwordHash: string;
  /** Not taken again, the newest last. */
  readonly formerHashes: readonly string[];
  readonly passwordChangedAt: number;
  readonly factor: KeptFactor | undefined;
};
/** The second factor of an account: docs/guides/accounts.md. */
export type KeptFactor = {
  /** The secret, sealed for the account. */
  readonly sealed: string;
  /** The newest step whose code was used; it and those before it are not taken again. */
  readonly usedStep: number;
  /** SHA-256 of the recovery codes that are left. */
  readonly recoveryHashes: readonly string[];
};

export const sha256 = (text: string): string => hash('sha256', text, 'hex');

/** Accounts, log-ins and tokens in memory, by SHA-256 of what their holder shows. */
export class Callers {
  readonly accounts = new Map<string, KeptAccount>();
  readonly logins = new Map<string, Login>();
  readonly tokens = new Map<string, KeptToken>();
  readonly #clock: Clock;
  readonly #isDemo: boolean;
  readonly #tree: OrganisationTree;
  readonly #listeners = new Set<() => void>();

  constructor(clock: Clock, isDemo: boolean, tree: OrganisationTree = noOrganisations) {
    this.#tree = tree;
    this.#clock = clock;
    this.#isDemo = isDemo;
  }

  /** Told after log-ins ended or rights changed; gives back what ends it. */
  onChanged(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  changed(): void {
    for (const listener of this.#listeners) listener();
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
      const login = loginOf(row);
      this.logins.set(login.tokenSha256, login);
    }
    for (const row of tokens) {
      const token = tokenOf(row);
      this.tokens.set(token.tokenSha256, token);
    }
    this.changed();
  }

  callerOfLogin(token: string): Caller | undefined {
    return this.callerOfKept(sha256(token));
  }

  /** @param tokenSha256 of a log-in. */
  callerOfKept(tokenSha256: string): Caller | undefined {
    const login = this.logins.get(tokenSha256);
    if (login === undefined || login.expiresAt <= this.#clock.now()) return undefined;
    // Rights are the account's as they are now, not as they were when it logged in. A link's log-in has no account.
    const account = this.accounts.get(login.username);
    if (account?.disabled === true) return undefined;
    const { csrfToken, owes } = login;
    const caller = this.callerOf(
      account === undefined
        ? login
        : { ...account, venueIds: account.venueIds, organisationId: account.organisationId },
    );
    return owes === undefined ? { ...caller, csrfToken } : { ...caller, csrfToken, owes, permissions: new Set() };
  }

  callerOfToken(token: string): Caller | undefined {
    const kept = this.tokens.get(sha256(token));
    if (kept === undefined || (kept.expiresAt !== undefined && kept.expiresAt <= this.#clock.now())) return undefined;
    const caller = this.callerOf(kept);
    const { permissions } = kept;
    if (permissions === undefined) return caller;
    return { ...caller, permissions: new Set(permissions.filter((word) => caller.permissions.has(word))) };
  }

  callerOf({ username, role, venueIds, organisationId }: Holder): Caller {
    const permissions = new Set(permissionsOf(role, this.#isDemo));
    // Accounts are the centre's: who is bound to some venues would make himself one that is not. So is the audit.
    if (venueIds !== undefined || organisationId !== undefined)
      for (const ofCentre of ['user.manage', 'audit.read'] as const) permissions.delete(ofCentre);
    const unbound: Scope = { venues: rolesBoundToVenues.includes(role) ? [] : 'all' };
    const ofTree = organisationId === undefined ? undefined : { venues: this.#tree.venuesBelow(organisationId) };
    const scope =
      ofTree === undefined && venueIds !== undefined ? { venues: venueIds } : narrow(ofTree ?? unbound, venueIds);
    return { username, role, permissions, scope };
  }
}

/** What is left of a log-in that is locked: alarms can be read. */
export const lockedOf = (caller: Caller): Caller => ({
  ...caller,
  permissions: new Set([...caller.permissions].filter((word) => word === 'alarm.read')),
});

/** Whether both may see and do the same. */
export function haveSameRights(one: Caller, other: Caller): boolean {
  const [a, b] = [one.scope.venues, other.scope.venues];
  const sameVenues =
    a === b || (a !== 'all' && b !== 'all' && a.length === b.length && a.every((id, n) => id === b[n]));
  const { permissions } = other;
  return (
    sameVenues &&
    one.permissions.size === permissions.size &&
    [...one.permissions].every((word) => permissions.has(word))
  );
}

const holderOf = (row: Row): Holder => ({
  username: row['username'] as string,
  role: row['role'] as Role,
  venueIds: (row['venue_ids'] as string[] | null) ?? undefined,
  organisationId: (row['organisation_id'] as string | null) ?? undefined,
});

const loginOf = (row: Row): Login => ({
  ...holderOf(row),
  tokenSha256: row['token_sha256'] as string,
  csrfToken: row['csrf_token'] as string,
  createdAt: row['created_at'] as number,
  usedAt: row['used_at'] as number,
  expiresAt: row['expires_at'] as number,
  confirmedAt: (row['confirmed_at'] as number | null) ?? (row['created_at'] as number),
  isLocked: row['is_locked'] as boolean,
  owes: (row['owes'] as OwedStep | null) ?? undefined,
  address: (row['address'] as string | null) ?? undefined,
  agent: (row['agent'] as string | null) ?? undefined,
});

const tokenOf = (row: Row): KeptToken => ({
  ...holderOf(row),
  tokenSha256: row['token_sha256'] as string,
  createdAt: row['created_at'] as number,
  expiresAt: (row['expires_at'] as number | null) ?? undefined,
  usedAt: (row['used_at'] as number | null) ?? undefined,
  permissions: (row['permissions'] as Permission[] | null) ?? undefined,
});

function accountOf(row: Row): KeptAccount {
  const { username, role, venueIds, organisationId } = holderOf(row);
  const createdAt = row['created_at'] as number;
  return {
    username,
    role,
    passwordHash: row['password_hash'] as string,
    formerHashes: row['former_hashes'] as string[],
    passwordChangedAt: (row['password_changed_at'] as number | null) ?? createdAt,
    ...(venueIds !== undefined && { venueIds: [...venueIds] }),
    ...(organisationId !== undefined && { organisationId }),
    createdAt: new Date(createdAt).toISOString(),
    disabled: row['disabled'] as boolean,
    mustChangePassword: row['must_change'] as boolean,
    factor: factorOf(row),
    hasSecondFactor: row['second_secret'] !== null,
  };
}

function factorOf(row: Row): KeptFactor | undefined {
  const sealed = row['second_secret'] as string | null;
  if (sealed === null) return undefined;
  return { sealed, usedStep: row['second_step'] as number, recoveryHashes: row['recovery_hashes'] as string[] };
}
