/** Back-off of the live feed: 0.5 s doubling to 5 s. */
const firstMs = 500;
const lastMs = 5_000;

/**
 * Milliseconds to wait before the next attempt. `attempt` counts failures since the last frame, from 0. `random` in
 * [0, 1) takes off up to a fifth, so that the seats of a centre that restarted do not all return in the same instant.
 */
export function reconnectDelayMs(attempt: number, random: number): number {
  const full = Math.min(lastMs, firstMs * 2 ** Math.min(attempt, 10));
  return Math.max(firstMs, Math.round(full * (1 - 0.2 * random)));
}
