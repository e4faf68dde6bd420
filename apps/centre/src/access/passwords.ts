import type { KeptAccount } from './callers.ts';
import { hashPassword, verifyPassword } from './password.ts';
import {
  passwordProblem,
  passwordProfiles,
  type PasswordProfile,
  type PasswordProfileName,
} from './password-profile.ts';
import { Turns } from './turns.ts';

/** Each of them waits some seconds at most. */
const LONGEST_LINE = 20;

/**
 * What passwords of accounts must be, and their computation: one at a time. More at once would take the threads that write
 * the journal, and a flood of log-ins would hold up alarms.
 */
export class Passwords {
  readonly #profile: PasswordProfile;
  readonly #turns = new Turns(LONGEST_LINE);

  constructor(profile: PasswordProfileName) {
    this.#profile = passwordProfiles[profile];
  }

  /** Older than this, a password opens nothing but its own change. */
  get maxAgeMs(): number {
    return this.#profile.maxAgeMs ?? Infinity;
  }

  /** Why the first password of an account is refused; undefined when it is accepted. */
  problemOf(password: string, username: string): string | undefined {
    return passwordProblem(this.#profile, password, username);
  }

  /** Why an account does not get this password next; undefined when it does. @throws TooManyWaiting */
  async problemOfNext(account: KeptAccount, next: string): Promise<string | undefined> {
    return this.problemOf(next, account.username) ?? (await this.#isTakenAgain(account, next));
  }

  /** @throws TooManyWaiting */
  hash(password: string): Promise<string> {
    return this.#turns.take(() => hashPassword(password), true);
  }

  /**
   * Whether this is the password; the same work for one that is not there.
   *
   * @param isKnown somebody who is logged in, or comes from where the account has logged in before: goes before strangers.
   * @throws TooManyWaiting
   */
  verify(password: string, stored: string | undefined, isKnown: boolean): Promise<boolean> {
    return this.#turns.take(() => verifyPassword(password, stored), isKnown);
  }

  async #isTakenAgain({ passwordHash, formerHashes }: KeptAccount, next: string): Promise<string | undefined> {
    const { notAgain } = this.#profile;
    for (const stored of [...formerHashes, passwordHash].slice(-notAgain))
      if (await this.verify(next, stored, true))
        return notAgain === 1
          ? 'this is the present password; a new one is another one'
          : `this is one of the last ${notAgain} passwords; a new one is another one`;
    return undefined;
  }
}
