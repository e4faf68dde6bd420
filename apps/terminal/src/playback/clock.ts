import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';

/** The only source of time in the terminal; tests hand in their own. */
export type Clock = {
  /** Epoch ms. */
  now(): number;
  /** Resolves after `ms`, or at once when the signal aborts; 0 lets other work run. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
};

export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    try {
      // A timer of 0 ms takes at least one: that alone would hold playback back to 50 times real speed.
      await (ms > 0 ? delay(ms, undefined, { signal }) : turn());
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  },
};
