import type { OwedStep, Role } from '@fengsui/protocol';
import type { Clock } from '../platform/clock.ts';
import type { Store } from '../store/store.ts';
import type { AccessSettings } from './access-settings.ts';
import type { Callers, KeptAccount } from './callers.ts';
import type { LogIns, OpenedLogIn, Place } from './log-ins.ts';
import { passwordProfiles } from './password-profile.ts';
import type { Passwords } from './passwords.ts';
import { readablePassword } from './random-token.ts';
import { refuse, type Refusal } from './refusal.ts';
import { administratorRoles } from './role.ts';
import type { SecondFactors } from './second-factors.ts';

/** A password that was given to somebody opens nothing after this time. */
const GIVEN_PASSWORD_MS = 72 * 3_600_000;
/** Nobody stands there with a telephone. */
const UNATTENDED: readonly Role[] = ['display'];

export type CredentialsParts = {
  readonly store: Store;
  readonly clock: Clock;
  readonly callers: Callers;
  readonly passwords: Passwords;
  readonly factors: SecondFactors;
  readonly logIns: LogIns;
  readonly settings: AccessSettings;
};

/** What people prove themselves with: passwords, second factors, and who vouches for them. */
export class Credentials {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #callers: Callers;
  readonly #passwords: Passwords;
  readonly #factors: SecondFactors;
  readonly #logIns: LogIns;
  readonly #settings: AccessSettings;

  constructor({ store, clock, callers, passwords, factors, logIns, settings }: CredentialsParts) {
    this.#store = store;
    this.#clock = clock;
    this.#callers = callers;
    this.#passwords = passwords;
    this.#factors = factors;
    this.#logIns = logIns;
    this.#settings = settings;
  }

  /**
   * A new log-in; undefined when name, password or code is wrong, and nobody is told which. `codeNeeded`: the password is
   * right, and the account has a second factor.
   *
   * @throws TooManyWaiting
   */
  async logIn(
    username: string,
    password: string,
    place?: Place & { readonly isKnown?: boolean },
    code?: string,
  ): Promise<OpenedLogIn | 'codeNeeded' | undefined> {
    const found = this.#callers.accounts.get(username);
    const isRight = await this.#passwords.verify(password, found?.passwordHash, place?.isKnown === true);
    // It may have been disabled, or got another password, meanwhile.
    const account = this.#callers.accounts.get(username);
    if (!isRight || account === undefined || account.passwordHash !== found?.passwordHash) return undefined;
    if (account.disabled || this.#isGivenTooLongAgo(account)) return undefined;
    if (account.hasSecondFactor) {
      if (code === undefined) return 'codeNeeded';
      if (!(await this.#factors.passes(username, code))) return undefined;
    }
    const { role, venueIds, organisationId } = account;
    return this.#logIns.open({ username, role, venueIds, organisationId }, place, this.#owed(account));
  }

  /**
   * A new log-in of somebody who was recognised elsewhere; undefined when the account is not to be opened.
   * `secondFactorNeeded`: it has a second factor, or needs one, and none was shown.
   */
  async logInRecognised(
    username: string,
    place: Place,
    hasSecondFactor: boolean,
  ): Promise<OpenedLogIn | 'secondFactorNeeded' | undefined> {
    const account = this.#callers.accounts.get(username);
    if (account === undefined || account.disabled || account.mustChangePassword) return undefined;
    const { role, venueIds, organisationId } = account;
    if (!hasSecondFactor && (account.hasSecondFactor || this.needsFactor(role))) return 'secondFactorNeeded';
    const owes = this.#owed(account);
    // He has shown one already.
    const isOwed = !(owes === 'secondFactor' && hasSecondFactor);
    return this.#logIns.open({ username, role, venueIds, organisationId }, place, isOwed ? owes : undefined);
  }

  /** Whether this is the password of the account, whose holder is logged in. @throws TooManyWaiting */
  async isPassword(username: string, password: string): Promise<boolean> {
    return this.#passwords.verify(password, this.#callers.accounts.get(username)?.passwordHash, true);
  }

  /** A user's own change; his other log-ins end, that of `token` goes on with its rights. */
  async changePassword(token: string, password: string, next: string): Promise<Refusal | undefined> {
    const username = this.#callers.callerOfLogin(token)?.username ?? '';
    const account = this.#callers.accounts.get(username);
    if (account === undefined) return refuse('noPassword', 'this log-in has no account, and so no password');
    if (!(await this.isPassword(username, password))) return refuse('wrongPassword', 'the present password is wrong');
    const problem = await this.#passwords.problemOfNext(account, next);
    if (problem !== undefined) return refuse('invalidPassword', problem);
    await this.#setPassword(username, next, false);
    await this.#logIns.endAll(username, token);
    await this.#settle(token, username);
    return undefined;
  }

  /** Puts a second factor in force that was offered. Its recovery codes, or undefined when the code is wrong. */
  async confirmFactor(token: string, code: string): Promise<readonly string[] | undefined> {
    const username = this.#callers.callerOfLogin(token)?.username ?? '';
    const recoveryCodes = await this.#factors.confirm(username, code);
    if (recoveryCodes !== undefined) await this.#settle(token, username);
    return recoveryCodes;
  }

  /** Whether these are all that the log-in of this token takes; it is confirmed, and unlocked, when they are. */
  async confirmLogIn(token: string, password: string, code?: string): Promise<boolean> {
    const username = this.#callers.callerOfLogin(token)?.username ?? '';
    if (!(await this.isPassword(username, password))) return false;
    if (this.#factors.has(username) && !(await this.#factors.passes(username, code ?? ''))) return false;
    await this.#logIns.confirmed(token);
    return true;
  }

  /** Unlocks the log-in of this token by one of what it took; false when it is wrong. */
  async unlock(token: string, by: { readonly password: string } | { readonly code: string }): Promise<boolean> {
    const username = this.#callers.callerOfLogin(token)?.username ?? '';
    const isRight =
      'password' in by ? await this.isPassword(username, by.password) : await this.#factors.passes(username, by.code);
    if (isRight) await this.#logIns.unlock(token);
    return isRight;
  }

  /** Takes the second factor of an account away, whose user has lost it; all its log-ins end. */
  async removeFactor(username: string): Promise<Refusal | undefined> {
    if (!(await this.#factors.remove(username)))
      return refuse('notFound', `account ${username} does not exist, or has no second factor`);
    await this.#logIns.endAll(username);
    return undefined;
  }

  /** Whether this account cannot do without a second factor. */
  needsFactor(role: Role): boolean {
    const { secondFactor } = this.#settings;
    return secondFactor === 'everybody'
      ? !UNATTENDED.includes(role)
      : secondFactor === 'administrators' && administratorRoles.includes(role);
  }

  /** A password for once, shown once: it opens nothing but its own change. All log-ins of the account end. */
  async givePassword(username: string): Promise<{ readonly password: string } | Refusal> {
    if (!this.#callers.accounts.has(username)) return refuse('notFound', `account ${username} does not exist`);
    const password = readablePassword();
    await this.#setPassword(username, password, true);
    await this.#logIns.endAll(username);
    return { password };
  }

  #owed({ mustChangePassword, passwordChangedAt, role, hasSecondFactor }: KeptAccount): OwedStep | undefined {
    const ageMs = this.#clock.now() - passwordChangedAt;
    if (mustChangePassword || ageMs >= this.#passwords.maxAgeMs) return 'newPassword';
    return this.needsFactor(role) && !hasSecondFactor ? 'secondFactor' : undefined;
  }

  /** One step of what the log-in owes is done: what comes next, or its rights. */
  async #settle(token: string, username: string): Promise<void> {
    const account = this.#callers.accounts.get(username);
    await this.#logIns.setOwed(token, account === undefined ? undefined : this.#owed(account));
  }

  #isGivenTooLongAgo({ mustChangePassword, passwordChangedAt }: KeptAccount): boolean {
    return mustChangePassword && this.#clock.now() - passwordChangedAt >= GIVEN_PASSWORD_MS;
  }

  async #setPassword(username: string, password: string, isGiven: boolean): Promise<void> {
    const passwordHash = await this.#passwords.hash(password);
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
