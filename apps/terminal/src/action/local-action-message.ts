import type { EventMessage } from '@fengsui/protocol';
import type { LocalAct } from './local-actor.ts';

/**
 * The `localAction` event of an act (design.md 5.1: latched until a recorded inspection). A refusal of a circuit that is
 * merely observed is told to nobody: it would come with every hazard of every circuit.
 */
export function localActionMessage(act: LocalAct): Omit<EventMessage, 'epoch' | 'seq' | 'at'> | undefined {
  const common = { kind: 'localAction', point: act.circuit, active: true, level: 'alarm' } as const;
  switch (act.kind) {
    case 'opened': {
      const { because, latch, breaker, failure } = act;
      const { kind, point, at } = because;
      const outcome = { breaker, ...(failure !== undefined && { failure }) };
      return { ...common, evidence: { act: 'opened', ...outcome, because: { kind, point, at }, latch: { ...latch } } };
    }
    case 'stillOpen':
      return { ...common, evidence: { act: 'stillOpen', latch: { ...act.latch } } };
    case 'refused':
      return undefined;
  }
}
