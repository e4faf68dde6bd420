/**
 * Waiting times between attempts to connect: 1 s, doubled up to 30 s, each shortened by up to a half at random so that
 * a city of terminals does not come back in one moment.
 *
 * @param random 0 … 1.
 * @example backOffMs(0, 0) // 1000
 */
export function backOffMs(attempt: number, random: number): number {
  const longest = Math.min(30_000, 1000 * 2 ** Math.min(attempt, 10));
  return longest * (1 - random / 2);
}

/** After a refusal of id or secret: only a person can mend it. */
export const REFUSED_BACK_OFF_MS = 60_000;
