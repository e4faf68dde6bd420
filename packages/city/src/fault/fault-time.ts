/**
 * The time course every fault shares. Milliseconds after the start of the board, room or device.
 * `atMs` absent = now (on injection); `durationMs` absent = until cleared.
 */
export type FaultTime = { readonly atMs?: number; readonly durationMs?: number };

/** Share of the way from 0 to 1 after `elapsedMs` of a rise lasting `riseMs`; a rise of 0 is a step. */
export function riseRatio(elapsedMs: number, riseMs: number): number {
  if (elapsedMs < 0) return 0;
  return riseMs <= 0 ? 1 : Math.min(1, elapsedMs / riseMs);
}
