import { useSyncExternalStore } from 'react';

/** Screen clock for React, cut to `everyMs`: all readers of one pace tick together. */
export function useNow(everyMs = 1_000): number {
  return useSyncExternalStore(
    (onTick) => {
      const timer = window.setInterval(onTick, everyMs);
      return () => window.clearInterval(timer);
    },
    () => Math.floor(Date.now() / everyMs) * everyMs,
  );
}
