import { distance } from './edges.ts';
import { LEAST_PART } from './soft-start.ts';
import type { SoftStart } from './soft-start.ts';
import type { SwitchEvent } from './switch-event.ts';

/** A switch found while the current still goes on to somewhere else. */
export type HeldEvent = {
  readonly event: SwitchEvent;
  /** Features of the change. */
  readonly step: Float64Array;
  /** Features a few cycles after it. */
  readonly early: Float64Array;
  /** Whether it is nothing but a drift unless a start comes of it. */
  readonly isDrift: boolean;
};

/** Events that wait until it is known whether they are parts of one start. */
export type HeldEvents = {
  hold(held: HeldEvent): void;
  /** Takes all out; returns those that are events of their own. */
  release(): readonly HeldEvent[];
  /** Whether a start is to be told instead: none of the events came near it at once, and none ended as all of it. */
  arePartsOf(start: SoftStart): boolean;
};

/** An event that is settled and within this part of the whole start is that start. */
const SAME_SIZE = 0.05;

/** Creates an empty list. */
export function createHeldEvents(): HeldEvents {
  let held: HeldEvent[] = [];
  return {
    hold(one) {
      held.push(one);
    },
    release() {
      const released = held;
      held = [];
      return released.filter(({ isDrift }) => !isDrift);
    },
    arePartsOf({ before, after, old, stepA }) {
      if (held.some(({ early }) => distance(early, old) >= LEAST_PART * stepA)) return false;
      const [first] = held;
      if (first === undefined || held.length > 1 || !first.event.settled) return true;
      const awayA = Math.max(
        distance(first.event.before.currentA, before.state.currentA),
        distance(first.event.after.currentA, after.state.currentA),
      );
      return awayA > SAME_SIZE * stepA * Math.sqrt(before.state.currentA.length);
    },
  };
}
