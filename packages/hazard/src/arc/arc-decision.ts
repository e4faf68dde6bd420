import type { ArcReason } from './arc-reason.ts';
import type { HalfCycleFeatures } from './half-cycle-features.ts';
import type { LoadState } from './load-state.ts';

/** The verdict on one half-cycle, with what it was made of. */
export type ArcDecision = {
  /** Beginning and end of the half-cycle, and the instant at which it was decided, ms on the clock of `push`. */
  startAt: number;
  endAt: number;
  decidedAt: number;
  isArcing: boolean;
  reason: ArcReason;
  /** Measured against `baseline`; of no meaning while that is absent. */
  readonly features: HalfCycleFeatures;
  baseline: LoadState | undefined;
  /** Arcing half-cycles in the last second, this one included. */
  halfCycleCount: number;
  /** Those of them that a load would not repeat. */
  erraticCount: number;
  /** Whether half-cycles up to this one confirm a series arc. */
  isConfirmed: boolean;
};
