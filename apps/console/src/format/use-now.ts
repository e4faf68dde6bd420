import { useSyncExternalStore } from 'react';
import { Ticker } from './ticker.ts';

const tickers = new Map<number, Ticker>();

/** Screen clock for React, cut to `everyMs`: all readers of one pace tick together. */
export function useNow(everyMs = 1_000): number {
  return useSyncExternalStore(tickerOf(everyMs).subscribe, () => Math.floor(Date.now() / everyMs) * everyMs);
}

function tickerOf(everyMs: number): Ticker {
  const known = tickers.get(everyMs);
  if (known) return known;
  const ticker = new Ticker(everyMs, {
    setTimer: (run, delayMs) => window.setInterval(run, delayMs),
    clearTimer: (timer) => {
      if (typeof timer === 'number') window.clearInterval(timer);
    },
  });
  tickers.set(everyMs, ticker);
  return ticker;
}
