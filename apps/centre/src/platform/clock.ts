/** The only source of time in the centre; tests hand in their own. */
export type Clock = { now(): number };

export const systemClock: Clock = { now: () => Date.now() };

/**
 * Whether `since` is less than `windowMs` away. What lies far ahead, from before the clock was set back, is not; what
 * overtook us by a moment is.
 */
export const isWithin = (now: number, since: number, windowMs: number): boolean => Math.abs(now - since) < windowMs;
