import type { Aedes } from 'aedes';

type Done = (error?: Error | null) => void;

/**
 * In place of aedes' message bus. Between devices nothing is forwarded: what one publishes is ours alone, and commands
 * and times are written to their session directly. Matching each packet, each session's coming and each subscription
 * against those of all devices was a tenth of what a CONNECT costs.
 */
export const nobodyListens = {
  current: 0,
  concurrency: 0,
  on: (_topic: string, _listener: unknown, done?: Done): void => done?.(),
  removeListener: (_topic: string, _listener: unknown, done?: Done): void => done?.(),
  removeAllListeners: (_topic: string, done?: Done): void => done?.(),
  emit: (_packet: unknown, done?: Done): void => done?.(),
  close: (done?: Done): void => done?.(),
};

/** Retained messages and wills of others that aedes would look for: there are none (a will is kept by its session). */
const nothingKept = {
  createRetainedStreamCombi: () => ({ pipe: () => undefined }),
  // Without a message bus aedes would take every session for one of a broker that has died, and tell its will.
  putWill: () => Promise.resolve(),
  delWill: () => Promise.resolve(),
};

export function keepNothing(broker: Aedes): void {
  const { persistence } = broker as Aedes & { readonly persistence: object };
  Object.assign(persistence, nothingKept);
}
