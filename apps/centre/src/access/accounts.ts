import type { Account, OwedStep, Role } from '@fengsui/protocol';
import type { Clock } from '../platform/clock.ts';
import { StoreError } from '../store/store-error.ts';
import type { Store } from '../store/store.ts';
import { defaultAccess, type AccessSettings } from './access-settings.ts';
import { ApiTokens } from './api-tokens.ts';
import { Callers, type Caller, type KeptAccount } from './callers.ts';
import { DisplayLinks } from './display-links.ts';
import { FounderLink } from './founder-link.ts';
import { KnownPlaces } from './known-places.ts';
import { LogIns, type OpenedLogIn, type Place } from './log-ins.ts';
import { LoginThrottle } from './login-throttle.ts';
import { hashPassword, verifyPassword } from './password.ts';
import { passwordProblem, passwordProfiles, type PasswordProfile } from './password-profile.ts';
import { readablePassword } from './random-token.ts';
import { administratorRoles, rolesBoundToVenues } from './role.ts';

export type Refusal = { readonly refused: { readonly code: string; readonly detail: string } };

/** What of an account is changed; absent stays, `venueIds` null is all venues. */
export type AccountChange = {
  readonly role?: Role;
  readonly venueIds?: readonly string[] | null;
  readonly disabled?: boolean;
};

/** A password that was given to somebody opens nothing after this time. */
const GIVEN_PASSWORD_MS = 72 * 3_600_000;

/** Accounts and what they open: written through to the store, read from memory. */
export class Accounts {
  readonly logIns: LogIns;
  readonly tokens: ApiTokens;
  readonly displayLinks: DisplayLinks;
  readonly places: KnownPlaces;
  /** Of wrong passwords. */
  readonly throttle = new LoginThrottle();
  readonly #founderLink: FounderLink;
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #callers: Callers;
  readonly #profile: PasswordProfile;
  #before: Promise<unknown> = Promise.resolve();

  constructor(store: Store, clock: Clock, isDemo: boolean, settings: AccessSettings = defaultAccess) {
    this.#store = store;
    this.#clock = clock;
    this.#callers = new Callers(clock, isDemo);
    this.#profile = passwordProfiles[settings.passwordProfile];
    this.logIns = new LogIns(store, clock, this.#callers, settings.maxSessions);
    this.tokens = new ApiTokens(store, clock, this.#callers);
    this.displayLinks = new DisplayLinks(store, clock);
    this.places = new KnownPlaces(store, clock);
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

  get hasAllAdministrators(): boolean {
    return administratorRoles.every((role) => this.#enabledOf(role).length > 0);
  }

  callerOfLogin(token: string): Caller | undefined {
    return this.#callers.callerOfLogin(token);
  }

  callerOfToken(token: string): Caller | undefined {
    return this.#callers.callerOfToken(token);
  }

  /** Told after log-ins ended or rights changed; gives back what ends it. */
  onChanged(listener: () => void): () => void {
    return this.#callers.onChanged(listener);
  }

  /** @param isGiven the password is somebody else's choice: it opens nothing but its own change. */
  async create(
    username: string,
    password: string,
    role: Role,
    venueIds: readonly string[] | undefined,
    isGiven = false,
  ): Promise<Account | Refusal> {
    const problem =
      nameProblem(username) ?? rightsProblem(role, venueIds) ?? passwordProblem(this.#profile, password, username);
    if (problem !== undefined) return refuse('invalidAccount', problem);
    const passwordHash = await hashPassword(password);
    const createdAt = this.#clock.now();
    try {
      await this.#store.commit([
        {
          kind: 'sql',
          sql:
            'insert into account (username, role, password_hash, venue_ids, created_at, password_changed_at, must_change) ' +
            'values ($1, $2, $3, $4, $5, $5, $6)',
          params: [username, role, passwordHash, venueIds ?? null, createdAt, isGiven],
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
      createdAt: new Date(createdAt).toISOString(),
      disabled: false,
      mustChangePassword: isGiven,
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
    if (username === by && (change.role !== undefined || change.venueIds !== undefined))
      return refuse('ownRights', 'nobody changes his own role or venues; another security administrator does');
    const problem = rightsProblem(role, venueIds);
    if (problem !== undefined) return refuse('invalidAccount', problem);
    const others = this.#enabledOf('securityAdmin').filter((account) => account.username !== username);
    const wasOne = before.role === 'securityAdmin' && !before.disabled;
    if (wasOne && (disabled || role !== 'securityAdmin') && others.length === 0)
      return refuse('lastSecurityAdmin', `${username} is the last security administrator; make another one first`);
    await this.#store.commit([
      {
        kind: 'sql',
        sql: 'update account set role = $2, venue_ids = $3, disabled = $4 where username = $1',
        params: [username, role, venueIds ?? null, disabled],
      },
    ]);
    const { venueIds: _former, ...rest } = this.#callers.accounts.get(username) ?? before;
    const after = { ...rest, role, disabled, ...(venueIds !== undefined && { venueIds: [...venueIds] }) };
    this.#callers.accounts.set(username, after);
    this.#callers.changed();
    if (disabled) await this.logIns.endAll(username);
    if (this.hasAllAdministrators) await this.logIns.endRole('founder');
    return shown(after);
  }

  /** A new log-in, or undefined when name or password is wrong. */
  async logIn(username: string, password: string, place?: Place): Promise<OpenedLogIn | undefined> {
    const found = this.#callers.accounts.get(username);
    const isRight = await verifyPassword(password, found?.passwordHash);
    // It may have been disabled, or got another password, meanwhile.
    const account = this.#callers.accounts.get(username);
    if (!isRight || account === undefined || account.passwordHash !== found?.passwordHash) return undefined;
    if (account.disabled || this.#isGivenTooLongAgo(account)) return undefined;
    return this.logIns.open({ username, role: account.role, venueIds: account.venueIds }, place, this.#owed(account));
  }

  /** Whether this is the password of the account. */
  async isPassword(username: string, password: string): Promise<boolean> {
    return verifyPassword(password, this.#callers.accounts.get(username)?.passwordHash);
  }

  /** A user's own change; his other log-ins end, that of `token` goes on with its rights. */
  async changePassword(token: string, password: string, next: string): Promise<Refusal | undefined> {
    const username = this.callerOfLogin(token)?.username ?? '';
    const account = this.#callers.accounts.get(username);
    if (account === undefined) return refuse('noPassword', 'this log-in has no account, and so no password');
    if (!(await this.isPassword(username, password))) return refuse('wrongPassword', 'the present password is wrong');
    const problem = passwordProblem(this.#profile, next, username) ?? (await this.#isTakenAgain(account, next));
    if (problem !== undefined) return refuse('invalidPassword', problem);
    await this.#setPassword(username, next, false);
    await this.logIns.endAll(username, token);
    await this.logIns.setOwed(token, undefined);
    return undefined;
  }

  /** A password for once, shown once: it opens nothing but its own change. All log-ins of the account end. */
  async givePassword(username: string): Promise<{ readonly password: string } | Refusal> {
    if (!this.#callers.accounts.has(username)) return refuse('notFound', `account ${username} does not exist`);
    const password = readablePassword();
    await this.#setPassword(username, password, true);
    await this.logIns.endAll(username);
    return { password };
  }

  /** A link that makes its first user the founder; earlier unused ones die. Undefined once administrators exist. */
  async createFounderLink(): Promise<string | undefined> {
    return this.hasAllAdministrators ? undefined : this.#founderLink.create();
  }

  async claimFounderLink(token: string, place?: Place): Promise<OpenedLogIn | undefined> {
    if (this.hasAllAdministrators || !(await this.#founderLink.claim(token))) return undefined;
    return this.logIns.open({ username: 'founder', role: 'founder', venueIds: undefined }, place);
  }

  /** The log-in of a wall screen by its link, or undefined when the link was used, is too old or never was. */
  async claimDisplayLink(token: string, place?: Place): Promise<OpenedLogIn | undefined> {
    const holder = await this.displayLinks.claim(token);
    return holder === undefined ? undefined : this.logIns.open(holder, place);
  }

  #enabledOf(role: Role): readonly KeptAccount[] {
    return [...this.#callers.accounts.values()].filter((account) => account.role === role && !account.disabled);
  }

  #owed({ mustChangePassword, passwordChangedAt }: KeptAccount): OwedStep | undefined {
    const { maxAgeMs = Infinity } = this.#profile;
    return mustChangePassword || this.#clock.now() - passwordChangedAt >= maxAgeMs ? 'newPassword' : undefined;
  }

  #isGivenTooLongAgo({ mustChangePassword, passwordChangedAt }: KeptAccount): boolean {
    return mustChangePassword && this.#clock.now() - passwordChangedAt >= GIVEN_PASSWORD_MS;
  }

  async #isTakenAgain({ passwordHash, formerHashes }: KeptAccount, next: string): Promise<string | undefined> {
    const { notAgain } = this.#profile;
    for (const stored of [...formerHashes, passwordHash].slice(-notAgain))
      if (await verifyPassword(next, stored))
        return notAgain === 1
          ? 'this is the present password; a new one is another one'
          : `this is one of the last ${notAgain} passwords; a new one is another one`;
    return undefined;
  }

  async #setPassword(username: string, password: string, isGiven: boolean): Promise<void> {
    const passwordHash = await hashPassword(password);
    const account = this.#callers.accounts.get(username);
    if (account === undefined) throw new Error(`account ${username} vanished`);
    const formerHashes = [...account.formerHashes, account.passwordHash].slice(1 - passwordProfiles.mlps3.notAgain);
    const passwordChangedAt = this.#clock.now();
    await this.#store.commit([
      {
        kind: 'sql',
        sql:
          'update account set password_hash = $2, former_hashes = $3::text[], password_changed_at = $4, must_change = $5 ' +
          'where username = $1',
        params: [username, passwordHash, formerHashes, passwordChangedAt, isGiven],
      },
    ]);
    const changed = { passwordHash, formerHashes, passwordChangedAt, mustChangePassword: isGiven };
    this.#callers.accounts.set(username, { ...(this.#callers.accounts.get(username) ?? account), ...changed });
  }
}

function nameProblem(username: string): string | undefined {
  if (!/^[\p{L}\p{N}._@-]{2,64}$/u.test(username)) return 'a user name has 2 to 64 letters, digits or . _ @ -';
  return username === 'founder' ? 'the founder comes from the one-time link only' : undefined;
}

function rightsProblem(role: Role, venueIds: readonly string[] | undefined): string | undefined {
  if (role === 'founder') return 'the founder comes from the one-time link only';
  return rolesBoundToVenues.includes(role) && venueIds === undefined
    ? `an account of role ${role} needs its venues`
    : undefined;
}

const shown = ({ passwordHash: _h, formerHashes: _f, passwordChangedAt: _at, ...account }: KeptAccount): Account =>
  account;

const refuse = (code: string, detail: string): Refusal => ({ refused: { code, detail } });
