import { setTimeout as delay } from 'node:timers/promises';

/** The only source of time in the terminal; tests hand in their own. */
export type Clock = {
  /** Epoch ms. */
  now(): number;
  /** Resolves after `ms`, or at once when the signal aborts; 0 lets other work run. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
};

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    delay(ms, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    }),
};
