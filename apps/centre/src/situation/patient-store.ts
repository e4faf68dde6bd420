import type { Log } from '../platform/log.ts';
import type { Store } from '../store/store.ts';
import { hasEngineStopped } from './commit/commit-once.ts';

export type PatientStoreOptions = {
  readonly store: Store;
  readonly log: Log;
  /** The engine is gone, or what it refuses is refused for good: told once. */
  readonly onFatal: (reason: string) => void;
};

const RETRY_MS = 500;

/** Work on the store that is tried again until it can be done, or nobody wants it any more. */
export class PatientStore {
  readonly #options: PatientStoreOptions;
  #hasEnded = false;
  #failingSince: string | undefined;

  constructor(options: PatientStoreOptions) {
    this.#options = options;
  }

  /** Why nothing is being written at the moment; undefined when all is well. */
  get trouble(): string | undefined {
    return this.#failingSince;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** What is under way is not tried again. */
  end(): void {
    this.#hasEnded = true;
  }

  fail(reason: string): void {
    this.#hasEnded = true;
    this.#failingSince = reason;
    this.#options.onFatal(reason);
  }

  /** undefined only when it has ended: what was not written is still in the journal. */
  async untilItWorks<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    const { store, log } = this.#options;
    while (!this.#hasEnded) {
      try {
        const result = await work();
        if (this.#failingSince !== undefined) log.info('store works again');
        this.#failingSince = undefined;
        return result;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        if (hasEngineStopped(store, error)) {
          this.fail(reason);
          return undefined;
        }
        if (this.#failingSince !== reason) log.error('store refuses; trying again', { reason });
        this.#failingSince = reason;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
    return undefined;
  }
}
