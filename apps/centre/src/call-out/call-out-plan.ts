import type { CallOutChain } from '@fengsui/protocol';

/** How fast people are called one after the other. Milliseconds, from where the chain begins. */
export type CallOutPlan = {
  /** From the opening to the first call. */
  readonly firstAfterMs: number;
  /** From one way of a person to the next, while nobody answers. */
  readonly nextWayAfterMs: number;
  /** From the first call of a person to the first of the next. */
  readonly nextPersonAfterMs: number;
  /** How often all ways of a person are gone through. */
  readonly rounds: number;
};

/** People beyond these are not called by themselves. */
export const PEOPLE_CALLED = 6;

/**
 * Steps of 10, 20 and 30 s. No public text that was read here gives numbers for calling people of a venue; those of the
 * duty desk begin when an alarm should have been acknowledged half the time ago (procedure-limits.ts: 20 s). Ours.
 */
export const callOutPlans: Readonly<Record<CallOutChain, CallOutPlan>> = {
  venue: { firstAfterMs: 0, nextWayAfterMs: 10_000, nextPersonAfterMs: 20_000, rounds: 2 },
  desk: { firstAfterMs: 10_000, nextWayAfterMs: 10_000, nextPersonAfterMs: 10_000, rounds: 2 },
};
