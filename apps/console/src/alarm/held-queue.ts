import type { Alarm } from '@fengsui/protocol';
import { isExercise } from './alarm-order.ts';

/** What the list shows: rows in their places, and what waits behind the "N new alarms" pill. */
export type HeldQueue = {
  readonly shownIds: readonly string[];
  /** Alarms that belong in the list and are not in it yet, in the order of the queue. */
  readonly waiting: readonly Alarm[];
};

export const emptyQueue: HeldQueue = { shownIds: [], waiting: [] };

/**
 * One step of the list that never moves under the operator's hand.
 *
 * While `isHeld`, every row keeps its place: rows neither leave (an ended alarm stays, marked as ended), nor change
 * places (an acknowledged one does not sink), nor arrive (they wait). Otherwise the list takes the order of the queue.
 * An empty list has nothing that could move, so it takes what comes even while held.
 */
export function nextQueue(previous: HeldQueue, ordered: readonly Alarm[], isHeld: boolean): HeldQueue {
  if (!isHeld || previous.shownIds.length === 0) return settle(previous, ordered);
  const shown = new Set(previous.shownIds);
  const waiting = ordered.filter(({ id }) => !shown.has(id));
  // The same objects wait: the same queue, so that a reader may compare by identity.
  if (waiting.length === previous.waiting.length && waiting.every((alarm, i) => alarm === previous.waiting[i]))
    return previous;
  return { shownIds: previous.shownIds, waiting };
}

function settle(previous: HeldQueue, ordered: readonly Alarm[]): HeldQueue {
  const shownIds = ordered.map(({ id }) => id);
  const isSame =
    previous.waiting.length === 0 &&
    shownIds.length === previous.shownIds.length &&
    shownIds.every((id, index) => id === previous.shownIds[index]);
  return isSame ? previous : { shownIds, waiting: [] };
}

/** The waiting fire the pill must name: the first in the order of the queue, if any. */
export function waitingFire(queue: HeldQueue): Alarm | undefined {
  return queue.waiting.find(({ category, origin }) => category === 'fire' && !isExercise(origin));
}
