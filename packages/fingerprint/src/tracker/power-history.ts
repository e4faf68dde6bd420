/** Mean power of a load in equal intervals since it was switched on. */
export type PowerHistory = {
  readonly startAt: number;
  readonly intervalMs: number;
  /** Oldest first; only intervals that are complete. An interval without a reading holds null. */
  readonly meanW: readonly (number | null)[];
};

/** The history as it grows, plain JSON. */
export type GrowingHistory = {
  startAt: number;
  intervalMs: number;
  meanW: (number | null)[];
  sumWs: number;
  sumS: number;
};

/** Intervals kept. When they are full, pairs are joined and the interval doubles: a load may stay on for weeks. */
const LONGEST = 64;
const FIRST_INTERVAL_MS = 60_000;

export function startHistory(at: number): GrowingHistory {
  return { startAt: at, intervalMs: FIRST_INTERVAL_MS, meanW: [], sumWs: 0, sumS: 0 };
}

/** Adds `powerW` held for `durationMs` up to `at`. An interval is closed by the first reading that ends behind it. */
export function extendHistory(history: GrowingHistory, at: number, durationMs: number, powerW: number): void {
  while (at > endOfOpen(history)) {
    history.meanW.push(history.sumS > 0 ? history.sumWs / history.sumS : null);
    history.sumWs = 0;
    history.sumS = 0;
    if (history.meanW.length >= LONGEST) joinPairs(history);
  }
  history.sumWs += (powerW * durationMs) / 1000;
  history.sumS += durationMs / 1000;
}

function endOfOpen(history: GrowingHistory): number {
  return history.startAt + (history.meanW.length + 1) * history.intervalMs;
}

function joinPairs(history: GrowingHistory): void {
  const joined: (number | null)[] = [];
  for (let k = 0; k + 1 < history.meanW.length; k += 2) {
    const a = history.meanW[k] ?? null;
    const b = history.meanW[k + 1] ?? null;
    joined.push(a === null ? b : b === null ? a : (a + b) / 2);
  }
  history.meanW = joined;
  history.intervalMs *= 2;
}
