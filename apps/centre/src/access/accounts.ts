import { randomBytes } from 'node:crypto';
import type { Account, Role } from '@fengsui/protocol';
import type { Clock } from '../platform/clock.ts';
import { StoreError } from '../store/store-error.ts';
import type { Store } from '../store/store.ts';
import { defaultAccess, type AccessSettings } from './access-settings.ts';
import { ApiTokens } from './api-tokens.ts';
import { Callers, type Caller, type KeptAccount } from './callers.ts';
import { Credentials } from './credentials.ts';
import { DisplayLinks } from './display-links.ts';
import { FounderLink } from './founder-link.ts';
import { KnownPlaces } from './known-places.ts';
import { LinkedIdentities } from './linked-identities.ts';
import type { OrganisationTree } from './organisation-tree.ts';
import { LogIns, type OpenedLogIn, type Place } from './log-ins.ts';
import { LoginThrottle } from './login-throttle.ts';
import { Passwords } from './passwords.ts';
import { refuse, type Refusal } from './refusal.ts';
import { administratorRoles, rolesBoundToVenues } from './role.ts';
import { SeatSounds } from './seat-sounds.ts';
import { SecondFactors } from './second-factors.ts';

/** What of an account is changed; absent stays, `venueIds` null is all venues. */
export type AccountChange = {
  readonly role?: Role;
  readonly venueIds?: readonly string[] | null;
  /** Null: of no organisation. */
  readonly organisationId?: string | null;
  readonly disabled?: boolean;
};

/** Accounts and what they open: written through to the store, read from memory. */
export class Accounts {
  readonly logIns: LogIns;
  readonly tokens: ApiTokens;
  readonly displayLinks: DisplayLinks;
  readonly places: KnownPlaces;
  readonly factors: SecondFactors;
  readonly identities: LinkedIdentities;
  /** By which people come in. */
  readonly credentials: Credentials;
  /** Where an alarm would be heard. */
  readonly sounds: SeatSounds;
  /** Of wrong passwords. */
  readonly throttle = new LoginThrottle();
  readonly #founderLink: FounderLink;
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #callers: Callers;
  readonly #passwords: Passwords;
  #before: Promise<unknown> = Promise.resolve();

  /** @param sealKey under which second factors lie in the store; without it they open until this process ends. */
  constructor(
    store: Store,
    clock: Clock,
    isDemo: boolean,
    settings: AccessSettings = defaultAccess,
    sealKey: Buffer = randomBytes(32),
    tree?: OrganisationTree,
  ) {
    this.#store = store;
    this.#clock = clock;
    this.#callers = new Callers(clock, isDemo, tree);
    this.#passwords = new Passwords(settings.passwordProfile);
    this.logIns = new LogIns(store, clock, this.#callers, settings);
    this.tokens = new ApiTokens(store, clock, this.#callers);
    this.displayLinks = new DisplayLinks(store, clock);
    this.places = new KnownPlaces(store, clock);
    this.factors = new SecondFactors(store, clock, this.#callers, sealKey);
    this.sounds = new SeatSounds(this.#callers, clock);
    this.identities = new LinkedIdentities(store, clock);
    const { logIns, factors } = this;
    this.credentials = new Credentials({
      ...{ store, clock, settings, logIns, factors },
      callers: this.#callers,
      passwords: this.#passwords,
    });
    this.#founderLink = new FounderLink(store, clock);
  }

  async load(): Promise<void> {
    const now = this.#clock.now();
    await this.#store.commit([{ kind: 'sql', sql: 'delete from login where expires_at < $1', params: [now] }]);
    await this.#callers.load(this.#store);
    await this.places.load();
  }

  list(): readonly Account[] {
    return [...this.#callers.accounts.values()].map(shown);
  }

  /** Each account that is not disabled, as it would call. */
  people(): readonly Caller[] {
    const able = [...this.#callers.accounts.values()].filter(({ disabled }) => !disabled);
    return able.map(({ username, role, venueIds, organisationId }) =>
      this.#callers.callerOf({ username, role, venueIds, organisationId }),
    );
  }

  isAccount(username: string): boolean {
    return this.#callers.accounts.has(username);
  }

  get hasAllAdministrators(): boolean {
    return administratorRoles.every((role) => this.#enabledOf(role).length > 0);
  }

  callerOfLogin(token: string): Caller | undefined {
    return this.#callers.callerOfLogin(token);
  }

  /** Whether this log-in is locked. */
  isLocked(token: string): boolean {
    return this.logIns.msUntilLocked(token) === 0;
  }

  callerOfToken(token: string): Caller | undefined {
    return this.#callers.callerOfToken(token);
  }

  /** Told after log-ins ended or rights changed; gives back what ends it. */
  onChanged(listener: () => void): () => void {
    return this.#callers.onChanged(listener);
  }

  /**
   * @param venueIds and `organisationId`: what of all venues it sees, see `Holder`.
   * `isGiven`: the password is somebody else's choice, and opens nothing but its own change.
   */
  async create(
    username: string,
    password: string,
    role: Role,
    venueIds: readonly string[] | undefined,
    {
      isGiven = false,
      organisationId,
    }: { readonly isGiven?: boolean; readonly organisationId?: string | undefined } = {},
  ): Promise<Account | Refusal> {
    const problem =
      nameProblem(username) ??
      rightsProblem(role, venueIds, organisationId) ??
      this.#passwords.problemOf(password, username);
    if (problem !== undefined) return refuse('invalidAccount', problem);
    const passwordHash = await this.#passwords.hash(password);
    const createdAt = this.#clock.now();
    try {
      await this.#store.commit([
        {
          kind: 'sql',
          sql:
            'insert into account (username, role, password_hash, venue_ids, created_at, password_changed_at, must_change, ' +
            'organisation_id) values ($1, $2, $3, $4, $5, $5, $6, $7)',
          params: [username, role, passwordHash, venueIds ?? null, createdAt, isGiven, organisationId ?? null],
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
      formerHashes: [],
      passwordChangedAt: createdAt,
      ...(venueIds !== undefined && { venueIds: [...venueIds] }),
      ...(organisationId !== undefined && { organisationId }),
      createdAt: new Date(createdAt).toISOString(),
      disabled: false,
      mustChangePassword: isGiven,
      factor: undefined,
      hasSecondFactor: false,
    };
    this.#callers.accounts.set(username, account);
    if (this.hasAllAdministrators) await this.logIns.endRole('founder');
    return shown(account);
  }

  /**
   * Changes rights of an account at once, also of what it has open; a disabled one is logged out everywhere.
   *
   * @param by who asks: nobody changes what he himself may do.
   */
  async change(username: string, change: AccountChange, by: string): Promise<Account | Refusal> {
    // One after the other: two who disable each other at once would leave nobody.
    const changed = this.#before.then(() => this.#change(username, change, by));
    this.#before = changed.catch(() => undefined);
    return changed;
  }

  async #change(username: string, change: AccountChange, by: string): Promise<Account | Refusal> {
    const before = this.#callers.accounts.get(username);
    if (before === undefined) return refuse('notFound', `account ${username} does not exist`);
    const { role = before.role, disabled = before.disabled } = change;
    const venueIds = change.venueIds === undefined ? before.venueIds : (change.venueIds ?? undefined);
    const organisationId =
      change.organisationId === undefined ? before.organisationId : (change.organisationId ?? undefined);
    const changesBound = change.venueIds !== undefined || change.organisationId !== undefined;
    if (username === by && (change.role !== undefined || changesBound))
      return refuse('ownRights', 'nobody changes his own role or venues; another security administrator does');
    const problem = rightsProblem(role, venueIds, organisationId);
    if (problem !== undefined) return refuse('invalidAccount', problem);
    const others = this.#enabledOf('securityAdmin').filter((account) => account.username !== username);
    const wasOne = before.role === 'securityAdmin' && !before.disabled;
    if (wasOne && (disabled || role !== 'securityAdmin') && others.length === 0)
      return refuse('lastSecurityAdmin', `${username} is the last security administrator; make another one first`);
    await this.#store.commit([
      {
        kind: 'sql',
        sql: 'update account set role = $2, venue_ids = $3, disabled = $4, organisation_id = $5 where username = $1',
        params: [username, role, venueIds ?? null, disabled, organisationId ?? null],
      },
    ]);
    const { venueIds: _venues, organisationId: _tree, ...rest } = this.#callers.accounts.get(username) ?? before;
    const after = {
      ...rest,
      role,
      disabled,
      ...(venueIds !== undefined && { venueIds: [...venueIds] }),
      ...(organisationId !== undefined && { organisationId }),
    };
    this.#callers.accounts.set(username, after);
    this.#callers.changed();
    if (disabled) await this.logIns.endAll(username);
    if (this.hasAllAdministrators) await this.logIns.endRole('founder');
    return shown(after);
  }

  /** A link that makes its first user the founder; earlier unused ones die. Undefined once administrators exist. */
  async createFounderLink(): Promise<string | undefined> {
    return this.hasAllAdministrators ? undefined : this.#founderLink.create();
  }

  async claimFounderLink(token: string, place?: Place): Promise<OpenedLogIn | undefined> {
    if (this.hasAllAdministrators || !(await this.#founderLink.claim(token))) return undefined;
    return this.logIns.open(
      { username: 'founder', role: 'founder', venueIds: undefined, organisationId: undefined },
      place,
    );
  }

  /** The log-in of a wall screen by its link, or undefined when the link was used, is too old or never was. */
  async claimDisplayLink(token: string, place?: Place): Promise<OpenedLogIn | undefined> {
    const holder = await this.displayLinks.claim(token);
    return holder === undefined ? undefined : this.logIns.open(holder, place);
  }

  #enabledOf(role: Role): readonly KeptAccount[] {
    return [...this.#callers.accounts.values()].filter((account) => account.role === role && !account.disabled);
  }
}

function nameProblem(username: string): string | undefined {
  if (!/^[\p{L}\p{N}._@-]{2,64}$/u.test(username)) return 'a user name has 2 to 64 letters, digits or . _ @ -';
  return username === 'founder' ? 'the founder comes from the one-time link only' : undefined;
}

function rightsProblem(
  role: Role,
  venueIds: readonly string[] | undefined,
  organisationId: string | undefined,
): string | undefined {
  if (role === 'founder') return 'the founder comes from the one-time link only';
  return rolesBoundToVenues.includes(role) && venueIds === undefined && organisationId === undefined
    ? `an account of role ${role} needs its venues, or its organisation`
    : undefined;
}

const shown = (kept: KeptAccount): Account => {
  const { passwordHash: _h, formerHashes: _f, passwordChangedAt: _at, factor: _s, ...account } = kept;
  return account;
};
