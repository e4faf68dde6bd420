import { breakTimeMs } from '@fengsui/city';

/** From when to when a detector must react to a list of arcing half-cycles. */
export type ArcDeadline = {
  /** Beginning of the first half-cycle that counts, s from the first sample. A reaction before it is not in time. */
  readonly fromS: number;
  /** How long after it, s. */
  readonly limitS: number;
};

/** Half-cycles within 1 s that GB 14287.4 counts as a series arc, and within 0.5 s as a parallel arc (UL 1699). */
const SERIES_COUNT = 14;
const PARALLEL_COUNT = 8;

/**
 * Series: from the first half-cycle from which 14 are listed within 1 s, for the time of IEC 62606 Table 1 at `currentA`
 * (column of the largest current not above it, below 2.5 A as 2.5 A) or to the end of the 14th, whichever is later.
 * Undefined when there are never 14 in 1 s: silence is right.
 */
export function seriesDeadline(
  halfCycles: readonly number[],
  currentA: number,
  mainsHz: number,
): ArcDeadline | undefined {
  const run = firstRun(halfCycles, SERIES_COUNT, 2 * mainsHz);
  if (run === undefined) return undefined;
  const perSecond = 2 * mainsHz;
  const tableS = breakTimeMs(Math.max(2.5, currentA)) / 1000;
  return { fromS: run.first / perSecond, limitS: Math.max(tableS, run.length / perSecond) };
}

/** Parallel: from the first half-cycle from which 8 are listed within 0.5 s to the end of the 8th. */
export function parallelDeadline(halfCycles: readonly number[], mainsHz: number): ArcDeadline | undefined {
  const run = firstRun(halfCycles, PARALLEL_COUNT, mainsHz);
  if (run === undefined) return undefined;
  return { fromS: run.first / (2 * mainsHz), limitS: run.length / (2 * mainsHz) };
}

/** The first `count` of the ascending list whose ends lie within `window` half-cycles: first and length in half-cycles. */
function firstRun(
  halfCycles: readonly number[],
  count: number,
  window: number,
): { readonly first: number; readonly length: number } | undefined {
  for (let index = 0; index + count <= halfCycles.length; index++) {
    const first = halfCycles[index] ?? NaN;
    const length = (halfCycles[index + count - 1] ?? NaN) + 1 - first;
    if (length <= window) return { first, length };
  }
  return undefined;
}

/** Whether a reaction is in time; none is when none is asked. */
export function isInTime(reactedAtS: number | undefined, deadline: ArcDeadline | undefined): boolean {
  if (deadline === undefined) return reactedAtS === undefined;
  if (reactedAtS === undefined) return false;
  // Instants are sums of sample periods: a nanosecond of rounding is not lateness.
  return reactedAtS >= deadline.fromS - 1e-9 && reactedAtS <= deadline.fromS + deadline.limitS + 1e-9;
}
