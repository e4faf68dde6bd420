import type { Clock } from '../platform/clock.ts';
import { Pause } from '../platform/pause.ts';
import { Callers, sha256, type Caller } from '../access/callers.ts';
import { msUntilLocked } from '../access/log-in-watch.ts';
import type { Store } from '../store/store.ts';
import { StoredTree } from './stored-tree.ts';

/** Who logs out, or is shut out, elsewhere is known here within this time. */
const READ_EVERY_MS = 2_000;
/** Between two readings: whoever shows token after token that nobody has must not keep the store busy. */
const LEAST_PAUSE_MS = 100;
/** That somebody acts is written once a minute: here a log-in in which nobody does is locked that much later. */
const ACTS_LAG_MS = 75_000;

type Options = {
  readonly store: Store;
  readonly clock: Clock;
  readonly idleLockMs?: number;
  readonly everyMs?: number;
};

/** Log-ins and tokens as a process has them that makes none: read from the store again and again. */
export class FollowedCallers {
  readonly #callers: Callers;
  readonly #tree = new StoredTree();
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #idleLockMs: number;
  readonly #everyMs: number;
  readonly #pause = new Pause();
  #reading: Promise<void> | undefined;
  #running: Promise<void> | undefined;
  #trouble: string | undefined;
  #readAt = -Infinity;
  #stopping = false;

  /** @param idleLockMs without an act a log-in is locked; 0: only its holder locks it. */
  constructor({ store, clock, idleLockMs = 0, everyMs = READ_EVERY_MS }: Options) {
    this.#store = store;
    this.#clock = clock;
    this.#idleLockMs = idleLockMs;
    this.#everyMs = everyMs;
    this.#callers = new Callers(clock, false, this.#tree);
  }

  /** Why log-ins may be old; undefined when all is well. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#pause.end();
    await this.#running;
  }

  callerOfLogin(token: string): Caller | undefined {
    return this.#callers.callerOfLogin(token);
  }

  isLocked(token: string): boolean {
    const login = this.#callers.logins.get(sha256(token));
    const idleLockMs = this.#idleLockMs === 0 ? 0 : this.#idleLockMs + ACTS_LAG_MS;
    return login !== undefined && msUntilLocked(login, idleLockMs, this.#clock.now()) === 0;
  }

  callerOfToken(token: string): Caller | undefined {
    return this.#callers.callerOfToken(token);
  }

  onChanged(listener: () => void): () => void {
    return this.#callers.onChanged(listener);
  }

  /** Resolves when what was in the store at the call has been read. @throws Error when it cannot be. */
  async refresh(): Promise<void> {
    // What is being read now may have been begun before it was written.
    await this.#reading?.catch(() => undefined);
    this.#reading ??= this.#read().finally(() => (this.#reading = undefined));
    await this.#reading;
  }

  async #read(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, this.#readAt + LEAST_PAUSE_MS - performance.now())));
    this.#readAt = performance.now();
    await this.#tree.read(this.#store);
    await this.#callers.load(this.#store);
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      this.#trouble = await this.refresh().then(
        () => undefined,
        (error: unknown) => `log-ins cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      );
      await this.#pause.wait(this.#everyMs);
    }
  }
}
