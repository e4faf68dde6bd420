import type { RateTest } from './rule.ts';

/** Where a rise stands; plain JSON. */
export type RateState = {
  readonly phase: 'inside' | 'beyond';
  readonly lastAt?: number;
  readonly lastValue?: number;
  /** The lowest values of the window that a later one may have to be compared with: rising, oldest first. */
  readonly minima?: readonly (readonly [at: number, value: number])[];
};

/** Values nearer than this part of the window to a lower one are not kept: at most 61 are. */
const SLOTS = 60;

/**
 * Tells a rise a sample. Late samples and what is no number are ignored. A rise is the value less the lowest of the last
 * `windowMs`; as a lowest may stand for its neighbours of up to a 60th of the window, a rise that takes the whole window
 * may be seen by that much too small, never too large.
 */
export function nextRate(
  test: RateTest,
  state: RateState | undefined,
  { at, value }: { readonly at: number; readonly value: number },
): { readonly state: RateState; readonly change?: 'entered' | 'left'; readonly changedAt?: number } {
  const { phase, lastAt = -Infinity, minima = [] }: RateState = state ?? { phase: 'inside' };
  if (!(at > lastAt) || !Number.isFinite(value)) return { state: state ?? { phase } };
  const kept = minima.filter(([then, low]) => at - then <= test.windowMs && low < value);
  const newest = kept.at(-1);
  const next = newest !== undefined && at - newest[0] < test.windowMs / SLOTS ? kept : [...kept, [at, value] as const];
  const rise = value - (next[0]?.[1] ?? value);
  const told = { lastAt: at, lastValue: value, minima: next };
  if (phase === 'inside' && rise >= test.riseAtLeast)
    return { state: { phase: 'beyond', ...told }, change: 'entered', changedAt: at };
  if (phase === 'beyond' && rise < test.endsBelow)
    return { state: { phase: 'inside', ...told }, change: 'left', changedAt: at };
  return { state: { phase, ...told } };
}
