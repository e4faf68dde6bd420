import type { Alarm } from '@fengsui/protocol';
import { useState } from 'react';
import { emptyQueue, nextQueue, type HeldQueue } from '../alarm/held-queue.ts';

/**
 * The queue as React state. `settleKey` names what the operator asked for (the filter): when it changes the list settles
 * anew, for then it is the operator's own hand that moves it.
 */
export function useHeldQueue(
  ordered: readonly Alarm[],
  isHeld: boolean,
  settleKey: string,
): { readonly queue: HeldQueue; readonly insert: () => void } {
  const [kept, setKept] = useState({ queue: emptyQueue, settleKey });
  const queue = nextQueue(kept.queue, ordered, isHeld && kept.settleKey === settleKey);
  // Adjusting state while drawing: React draws again at once, before anything is shown.
  if (queue !== kept.queue || settleKey !== kept.settleKey) setKept({ queue, settleKey });
  return { queue, insert: () => setKept({ queue: nextQueue(queue, ordered, false), settleKey }) };
}
