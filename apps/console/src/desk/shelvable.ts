import { localActionKind } from '@fengsui/alarm';
import type { Alarm } from '@fengsui/protocol';

/**
 * What the centre would let an operator set aside: never a fire, never a P1, never what a terminal did on its own (it
 * ends with a recorded inspection). A shelved alarm may be taken back whatever it is.
 */
export const isShelvable = ({ category, kind, priority, state }: Alarm): boolean =>
  state === 'shelved' || (category !== 'fire' && priority !== 'P1' && kind !== localActionKind);
