import { randomBytes } from 'node:crypto';
import type { Clock } from '../platform/clock.ts';
import type { Store } from '../store/store.ts';
import { sha256, type Callers, type KeptFactor } from './callers.ts';
import { readableCode } from './random-token.ts';
import { seal, unseal } from './seal.ts';
import { base32, otpauthUri, stepOfCode } from './totp.ts';

/** RFC 4226, 4: as long as the output of SHA-1. */
const SECRET_BYTES = 20;
const RECOVERY_CODES = 10;
/** What was shown and not confirmed is forgotten. */
const OFFER_MS = 15 * 60_000;

/** A secret for an authenticator app, not in force before one of its codes was given. */
export type OfferedFactor = { readonly secret: string; readonly uri: string };

/** Second factors of accounts: codes of an authenticator app (TOTP), and recovery codes for when it is lost. */
export class SecondFactors {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #callers: Callers;
  readonly #key: Buffer;
  /** By account; a centre that takes over does not know them, and its user begins again. */
  readonly #offers = new Map<string, { readonly secret: Buffer; readonly until: number }>();

  /** @param key under which secrets lie in the store. */
  constructor(store: Store, clock: Clock, callers: Callers, key: Buffer) {
    this.#store = store;
    this.#clock = clock;
    this.#callers = callers;
    this.#key = key;
  }

  has(username: string): boolean {
    return this.#factor(username) !== undefined;
  }

  recoveryCodesLeft(username: string): number {
    return this.#factor(username)?.recoveryHashes.length ?? 0;
  }

  /** What is there stays in force until the new one is confirmed. */
  offer(username: string): OfferedFactor {
    const secret = randomBytes(SECRET_BYTES);
    this.#offers.set(username, { secret, until: this.#clock.now() + OFFER_MS });
    return { secret: base32(secret), uri: otpauthUri(username, secret) };
  }

  /** Puts in force what was offered. Its recovery codes, shown once; undefined when the code is not of it. */
  async confirm(username: string, code: string): Promise<readonly string[] | undefined> {
    const offer = this.#offers.get(username);
    const now = this.#clock.now();
    if (offer === undefined || offer.until <= now) return undefined;
    const usedStep = stepOfCode(offer.secret, plain(code), now);
    if (usedStep === undefined) return undefined;
    this.#offers.delete(username);
    const recoveryCodes = Array.from({ length: RECOVERY_CODES }, readableCode);
    const recoveryHashes = recoveryCodes.map((one) => sha256(plain(one)));
    await this.#write(username, { sealed: seal(this.#key, username, offer.secret), usedStep, recoveryHashes });
    return recoveryCodes;
  }

  /** Whether this is a code of the account that was not used before; it is used with that, durably. */
  async passes(username: string, code: string): Promise<boolean> {
    const factor = this.#factor(username);
    if (factor === undefined) return false;
    const spent = this.#spent(username, factor, plain(code));
    if (spent === undefined) return false;
    // At once: of two who show the same code, one is let in.
    this.#keep(username, spent);
    await this.#write(username, spent);
    return true;
  }

  /** Takes it away. False when there is none. */
  async remove(username: string): Promise<boolean> {
    if (!this.has(username)) return false;
    await this.#write(username, undefined);
    return true;
  }

  #factor(username: string): KeptFactor | undefined {
    return this.#callers.accounts.get(username)?.factor;
  }

  /** What is left when this code is used; undefined: it is none. */
  #spent(username: string, factor: KeptFactor, code: string): KeptFactor | undefined {
    const secret = unseal(this.#key, username, factor.sealed);
    const step = secret === undefined ? undefined : stepOfCode(secret, code, this.#clock.now());
    if (step !== undefined) return step > factor.usedStep ? { ...factor, usedStep: step } : undefined;
    const recoveryHashes = factor.recoveryHashes.filter((hash) => hash !== sha256(code));
    return recoveryHashes.length < factor.recoveryHashes.length ? { ...factor, recoveryHashes } : undefined;
  }

  #keep(username: string, factor: KeptFactor | undefined): void {
    const account = this.#callers.accounts.get(username);
    if (account === undefined) throw new Error(`account ${username} vanished`);
    this.#callers.accounts.set(username, { ...account, factor, hasSecondFactor: factor !== undefined });
  }

  async #write(username: string, factor: KeptFactor | undefined): Promise<void> {
    await this.#store.commit([
      {
        kind: 'sql',
        sql: 'update account set second_secret = $2, second_step = $3, recovery_hashes = $4::text[] where username = $1',
        params: [username, factor?.sealed ?? null, factor?.usedStep ?? 0, factor?.recoveryHashes ?? []],
      },
    ]);
    this.#keep(username, factor);
  }
}

/** As it is typed: with blanks, in groups. */
const plain = (code: string): string => code.replace(/[\s-]/g, '');
