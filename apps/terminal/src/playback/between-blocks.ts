/** What is asked for while the terminal runs and done between two blocks of samples. */
export type BetweenBlocks<T> = {
  /** Resolves when it is done; rejects with the reason why it could not be, or when the terminal ends before. */
  request(what: T): Promise<void>;
  /** Does what was requested, in order; one that fails hurts no other. */
  take(act: (what: T) => void): void;
  /** What still waits never comes. */
  end(): void;
};

export function createBetweenBlocks<T>(): BetweenBlocks<T> {
  const waiting: { readonly what: T; readonly done: PromiseWithResolvers<void> }[] = [];
  return {
    request(what) {
      const done = Promise.withResolvers<void>();
      waiting.push({ what, done });
      return done.promise;
    },
    take(act) {
      for (const { what, done } of waiting.splice(0)) {
        try {
          act(what);
          done.resolve();
        } catch (error) {
          done.reject(error);
        }
      }
    },
    end() {
      for (const { done } of waiting.splice(0)) done.reject(new Error('the terminal has ended'));
    },
  };
}
