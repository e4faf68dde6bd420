import type { EventMessage } from '@fengsui/protocol';
import type { FaultChange } from '../fieldbus/fault-book.ts';

/** The `fault` event of a point that cannot be relied on, or can again; point '' is the terminal itself. */
export function faultMessage({ point, active, reasons }: FaultChange): Omit<EventMessage, 'epoch' | 'seq' | 'at'> {
  return { kind: 'fault', point, active, level: 'warning', evidence: { schema: 'fault/1', reasons: [...reasons] } };
}
