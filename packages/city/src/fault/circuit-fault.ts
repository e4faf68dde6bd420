import { checkArcModel, type ArcModelSpec } from '../arc/arc-spec.ts';
import { requireWithin } from '../require-within.ts';
import type { FaultTime } from './fault-time.ts';

/** Faults of a circuit, by name. `circuit` is a circuit's id, such as `c1`. */
export type CircuitFault =
  OverloadFault | RisingLeakageFault | LooseTerminalFault | SeriesArcFault | ParallelArcFault | NeighbourArcFault;

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

/** What every arc fault may say. */
type ArcFault = FaultTime & {
  readonly circuit: string;
  /** Default: a carbonised path, its parameters drawn. */
  readonly model?: ArcModelSpec;
  /** Probability that an arcing half-cycle is followed by another, 0 … 1; default 0.93. */
  readonly arcToArc?: number;
  /** Probability that a half-cycle without an arc is followed by one with; default 0.1. */
  readonly touchToArc?: number;
  /** Added to the board's seed for this fault's own draws; default 0. */
  readonly seed?: number;
};

/** A broken wire or loose contact that arcs in the line of one load (its id), or upstream of `all` (default). */
export type SeriesArcFault = ArcFault & { readonly kind: 'seriesArc'; readonly load?: string };

/**
 * An arc across damaged insulation, behind the circuit's terminal. `lineEarth`: its current returns by the earth and is all
 * residual current. `currentA`: prospective rms current of the fault loop (default 100, 0.5 … 1000); no breaker trips.
 */
export type ParallelArcFault = ArcFault & {
  readonly kind: 'parallelArc';
  /** Default `lineNeutral`. */
  readonly path?: 'lineNeutral' | 'lineEarth';
  readonly currentA?: number;
};

/**
 * A series arc in a circuit that hangs on the same busbar and is not measured; `circuit` is the one that hears it (all
 * of the board do). `currentA`: what that circuit draws through a resistance (default 10, 0.1 … 100).
 */
export type NeighbourArcFault = ArcFault & { readonly kind: 'neighbourArc'; readonly currentA?: number };

export const circuitFaultKinds = [
  'overload',
  'risingLeakage',
  'looseTerminal',
  'seriesArc',
  'parallelArc',
  'neighbourArc',
] as const;

/** A fault with its defaults filled in. */
export type CheckedCircuitFault = Required<CircuitFault>;

/** Fills in defaults; `nowMs` is the start when none is given. Throws RangeError naming fault, field and range. */
export function checkCircuitFault(fault: CircuitFault, nowMs: number): CheckedCircuitFault {
  const time = { atMs: fault.atMs ?? nowMs, durationMs: fault.durationMs ?? Infinity };
  requireWithin(`fault ${fault.kind}: durationMs`, time.durationMs, 0, Infinity);
  if ('riseMs' in fault) requireWithin(`fault ${fault.kind}: riseMs`, fault.riseMs ?? 0, 0, Infinity);
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
    case 'seriesArc':
      return { ...fault, ...time, ...checkArc(fault), load: fault.load ?? 'all' };
    case 'parallelArc': {
      const { path = 'lineNeutral', currentA = 100 } = fault;
      if (path !== 'lineNeutral' && path !== 'lineEarth') {
        throw new RangeError(`fault parallelArc: path is "${String(path)}", expected lineNeutral or lineEarth`);
      }
      requireWithin('fault parallelArc: currentA', currentA, 0.5, 1000);
      return { ...fault, ...time, ...checkArc(fault), path, currentA };
    }
    case 'neighbourArc': {
      const { currentA = 10 } = fault;
      requireWithin('fault neighbourArc: currentA', currentA, 0.1, 100);
      return { ...fault, ...time, ...checkArc(fault), currentA };
    }
  }
}

export type CheckedArcFault = Extract<
  CheckedCircuitFault,
  { readonly kind: 'seriesArc' | 'parallelArc' | 'neighbourArc' }
>;

export function isArcFault(fault: CheckedCircuitFault): fault is CheckedArcFault {
  return fault.kind === 'seriesArc' || fault.kind === 'parallelArc' || fault.kind === 'neighbourArc';
}

function checkArc(
  fault: ArcFault & { readonly kind: string },
): Required<Pick<ArcFault, 'model' | 'arcToArc' | 'touchToArc' | 'seed'>> {
  const { model = { kind: 'carbonised' }, arcToArc = 0.93, touchToArc = 0.1, seed = 0 } = fault;
  const place = `fault ${fault.kind}`;
  checkArcModel(model);
  requireWithin(`${place}: arcToArc`, arcToArc, 0, 1);
  requireWithin(`${place}: touchToArc`, touchToArc, 0, 1);
  requireWithin(`${place}: seed`, seed, 0, 4_294_967_295);
  return { model, arcToArc, touchToArc, seed };
}
