/** Maximum break time of IEC 62606 Table 1 (230 V; series arcs and arcs to earth), ms, by the arcing current, A. */
export const breakTimes = [
  { currentA: 2.5, limitMs: 1000 },
  { currentA: 5, limitMs: 500 },
  { currentA: 10, limitMs: 250 },
  { currentA: 16, limitMs: 150 },
  { currentA: 32, limitMs: 120 },
  { currentA: 63, limitMs: 120 },
] as const;

/**
 * Limit at a current, ms: the column of the largest current not above it; below 2.5 A the column of 2.5 A.
 *
 * @example breakTimeMs(6) // 500
 */
export function breakTimeMs(currentA: number): number {
  let limitMs: number = breakTimes[0].limitMs;
  for (const column of breakTimes) if (column.currentA <= currentA) limitMs = column.limitMs;
  return limitMs;
}

/** Half-cycles of a parallel arc allowed within 0.5 s (IEC 62606 Table 3), by the arcing current, A. */
export const parallelHalfCycles = [
  { currentA: 75, halfCycles: 12 },
  { currentA: 100, halfCycles: 10 },
  { currentA: 150, halfCycles: 8 },
  { currentA: 200, halfCycles: 8 },
  { currentA: 300, halfCycles: 8 },
  { currentA: 500, halfCycles: 8 },
] as const;
