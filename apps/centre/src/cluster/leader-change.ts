import type { NewEntry } from '../journal/entry.ts';

/**
 * The first thing a new leader appends to the alarm lane. It changes nothing; it makes whoever led before it and was
 * only paused find another message than it expects, so that no timer of it fires a second time.
 */
export const leaderChangeEntry = (epoch: number, at: number): NewEntry => ({
  kind: 'timerFired',
  partition: 0,
  appendedAt: at,
  meta: { timerId: 'leaderChanged', firedAt: at, purpose: { kind: 'leaderChanged', epoch } },
});
