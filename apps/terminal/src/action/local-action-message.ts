import type { HazardEvent } from '@fengsui/hazard';
import type { EventMessage } from '@fengsui/protocol';
import type { LocalAct, RefusalCode } from './local-actor.ts';

/** Where one of these is missing nobody was promised an act: the circuit is merely observed. */
const OBSERVED: readonly RefusalCode[] = ['policy', 'policyForm', 'signature', 'mode', 'device', 'circuit'];

/**
 * The `localAction` event of an act (design.md 5.1: latched until a recorded inspection). A refusal is told where a valid
 * policy says `act`: somebody counts on it, and the circuit is live. That of a circuit which is merely observed is told to
 * nobody: it would come with every hazard of every circuit.
 */
export function localActionMessage(act: LocalAct): Omit<EventMessage, 'epoch' | 'seq' | 'at'> | undefined {
  const common = { kind: 'localAction', point: act.circuit, active: true, level: 'alarm' } as const;
  switch (act.kind) {
    case 'opened': {
      const { because, latch, breaker, failure } = act;
      const outcome = { breaker, ...(failure !== undefined && { failure }) };
      return { ...common, evidence: { act: 'opened', ...outcome, because: causeOf(because), latch: { ...latch } } };
    }
    case 'stillOpen':
      return { ...common, evidence: { act: 'stillOpen', breaker: act.breaker, latch: { ...act.latch } } };
    case 'refused': {
      if (act.codes.some((code) => OBSERVED.includes(code))) return undefined;
      // A clock is trusted as soon as the centre is heard: what can be told then is acted on, or no longer there.
      if (act.codes.every((code) => code === 'clock')) return undefined;
      const evidence = { act: 'refused', because: causeOf(act.because), missing: [...act.codes] };
      return { ...common, level: 'warning', evidence };
    }
  }
}

function causeOf({ kind, point, at }: HazardEvent): Pick<HazardEvent, 'kind' | 'point' | 'at'> {
  return { kind, point, at };
}
