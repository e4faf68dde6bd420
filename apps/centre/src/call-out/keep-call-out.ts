import type { Effects } from '../situation/effects.ts';
import type { Situation } from '../situation/situation.ts';
import { nextDueAt } from './call-out-life.ts';
import type { KeptCallOut } from './kept-call-out.ts';

/** Keeps a call-out as it is now, and the timer of its next call. */
export function keepCallOut({ callOuts }: Situation, effects: Effects, after: KeptCallOut): void {
  const before = callOuts.get(after.id);
  if (before === after) return;
  callOuts.put(after);
  effects.callOuts.set(after.id, after);
  const timerId = `callOut/${after.id}`;
  const dueAt = nextDueAt(after);
  if (dueAt === (before === undefined ? undefined : nextDueAt(before))) return;
  if (dueAt === undefined) effects.endTimer(timerId);
  else
    effects.setTimer({
      id: timerId,
      venueId: after.place.venueId,
      dueAt,
      purpose: { kind: 'callOutDue', callOutId: after.id },
    });
}
