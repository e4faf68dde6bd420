import { setTimeout as delay } from 'node:timers/promises';

/** Waits until something holds. @throws Error naming it after `limitMs`. */
export async function eventually(what: string, holds: () => boolean, limitMs = 60_000): Promise<void> {
  const until = performance.now() + limitMs;
  while (!holds()) {
    if (performance.now() > until) throw new Error(`${what}: not within ${limitMs} ms`);
    await delay(5);
  }
}
