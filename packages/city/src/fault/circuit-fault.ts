import { requireWithin } from '../require-within.ts';
import type { FaultTime } from './fault-time.ts';

/** Faults of a circuit, by name. `circuit` is a circuit's id, such as `c1`. */
export type CircuitFault = OverloadFault | RisingLeakageFault | LooseTerminalFault;

/** Heaters are added until the circuit carries at least `toRatio` times its rated current (default 1.6, 0.1 … 8). */
export type OverloadFault = FaultTime & {
  readonly kind: 'overload';
  readonly circuit: string;
  readonly toRatio?: number;
  /** Default 0: a step. */
  readonly riseMs?: number;
};

/** Insulation gets worse until the residual current reaches `toMa` rms (default 600, 1 … 5000), linearly in time. */
export type RisingLeakageFault = FaultTime & {
  readonly kind: 'risingLeakage';
  readonly circuit: string;
  readonly toMa?: number;
  /** Default 20 s. */
  readonly riseMs?: number;
};

/**
 * The contact resistance of the terminal grows exponentially (dR/dt ∝ R: the worse the contact, the faster it decays)
 * to `toMilliohm` (default 60, 0.1 … 2000) within `riseMs` (default 30 s). A loose contact heats a small mass:
 * `thermalTauMs` (default 20 s) replaces the terminal's own time constant.
 */
export type LooseTerminalFault = FaultTime & {
  readonly kind: 'looseTerminal';
  readonly circuit: string;
  readonly toMilliohm?: number;
  readonly riseMs?: number;
  readonly thermalTauMs?: number;
};

export const circuitFaultKinds = ['overload', 'risingLeakage', 'looseTerminal'] as const;

/** A fault with its defaults filled in. */
export type CheckedCircuitFault = Required<CircuitFault>;

/** Fills in defaults; `nowMs` is the start when none is given. Throws RangeError naming fault, field and range. */
export function checkCircuitFault(fault: CircuitFault, nowMs: number): CheckedCircuitFault {
  const time = { atMs: fault.atMs ?? nowMs, durationMs: fault.durationMs ?? Infinity };
  requireWithin(`fault ${fault.kind}: durationMs`, time.durationMs, 0, Infinity);
  requireWithin(`fault ${fault.kind}: riseMs`, fault.riseMs ?? 0, 0, Infinity);
  switch (fault.kind) {
    case 'overload': {
      const { toRatio = 1.6, riseMs = 0 } = fault;
      requireWithin('fault overload: toRatio', toRatio, 0.1, 8);
      return { ...fault, ...time, toRatio, riseMs };
    }
    case 'risingLeakage': {
      const { toMa = 600, riseMs = 20_000 } = fault;
      requireWithin('fault risingLeakage: toMa', toMa, 1, 5000);
      return { ...fault, ...time, toMa, riseMs };
    }
    case 'looseTerminal': {
      const { toMilliohm = 60, riseMs = 30_000, thermalTauMs = 20_000 } = fault;
      requireWithin('fault looseTerminal: toMilliohm', toMilliohm, 0.1, 2000);
      requireWithin('fault looseTerminal: thermalTauMs', thermalTauMs, 100, 1e8);
      return { ...fault, ...time, toMilliohm, riseMs, thermalTauMs };
    }
  }
}
