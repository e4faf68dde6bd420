import type { EventMessage, UpdateEvidence } from '@fengsui/protocol';

/** The event that tells how an update goes; of a moment, it raises nothing. */
export function updateMessage(evidence: UpdateEvidence): Omit<EventMessage, 'epoch' | 'seq' | 'at'> {
  return { kind: 'update', point: '', active: true, level: 'attention', evidence };
}
