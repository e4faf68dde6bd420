import type { CircuitElement } from './circuit-element.ts';

/** What a load must know of the board it hangs on. */
export type LoadSite = { readonly nominalV: number; readonly mainsHz: number; readonly stepS: number };

/** Times of one tick as a load sees them, ms. */
export type LoadClock = {
  /** Since the contact closed; Infinity when it closed long since. */
  readonly waveMs: number;
  /** Since the contact closed, in course time; a load on since before the start begins its course at 0. */
  readonly courseMs: number;
  /** Of the board: may be negative while it settles. */
  readonly nowMs: number;
  readonly nowCourseMs: number;
};

/** An element with the way its parameters move. */
export type Behaviour = {
  readonly element: CircuitElement;
  /** Capacitive leakage to earth, mA rms at nominal voltage. */
  readonly defaultLeakageMa: number;
  /** Closes the contact; `isSettled`: on long since, so without inrush. */
  close(isSettled: boolean): void;
  /** Called once per tick of 5 ms while the load is on, and right after `close`. */
  update(clock: LoadClock): void;
};

/** From `start` at 0 towards 1 with the time constant given. */
export function runUp(start: number, elapsedMs: number, tauMs: number): number {
  return start + (1 - start) * -Math.expm1(-elapsedMs / tauMs);
}
