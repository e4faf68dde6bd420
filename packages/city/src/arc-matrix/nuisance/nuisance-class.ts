import type { Stage } from '../stage.ts';

/** A kind of everyday disturbance that must never be taken for an arc. */
export type NuisanceClass = {
  readonly id: string;
  readonly title: string;
  /** What differs from episode to episode, for the documents. */
  readonly varies: string;
  /** From the event to the end of an episode, ms. */
  readonly afterMs: number;
  /** Simulated before the first frame, ms: what the loads of the class need to be steady. */
  readonly settlingMs: number;
  /** Puts loads on the stage and disturbs them at `eventsMs` (ascending, ms after the first frame). */
  build(stage: Stage, eventsMs: readonly number[]): void;
};
