import { requireWithin } from '../require-within.ts';
import type { FaultTime } from './fault-time.ts';

export type RoomFault = SmoulderingFault | FlamingFault | GasLeakFault;

/** Smouldering: smoke production rises linearly to `smokeGPerS` (default 0.05, 0.0001 … 10) within `riseMs` (120 s). */
export type SmoulderingFault = FaultTime & {
  readonly kind: 'smouldering';
  readonly smokeGPerS?: number;
  readonly riseMs?: number;
};

/** Flaming fire: heat release alpha·t², up to `maxKw` (default 500, 1 … 20000). Cleared = extinguished. */
export type FlamingFault = FaultTime & {
  readonly kind: 'flaming';
  /** slow 0.0029, medium 0.0117 (default), fast 0.0469, ultrafast 0.1876 kW/s². */
  readonly growth?: keyof typeof growthKwPerS2;
  readonly maxKw?: number;
  /** Horizontal distance fire to detector, default 2 m (0 … 30). */
  readonly distanceM?: number;
};

/** Leak of natural gas, `litresPerS` (default 1.5: a slipped hose at 2 kPa; 0.001 … 1000). */
export type GasLeakFault = FaultTime & { readonly kind: 'gasLeak'; readonly litresPerS?: number };

export const roomFaultKinds = ['smouldering', 'flaming', 'gasLeak'] as const;

/** Fire growth coefficients alpha, kW/s²; editable defaults of design fires. */
export const growthKwPerS2 = { slow: 0.0029, medium: 0.0117, fast: 0.0469, ultrafast: 0.1876 } as const;

export type CheckedRoomFault = Required<RoomFault>;

/** Fills in defaults; `nowMs` is the start when none is given. Throws RangeError naming fault, field and range. */
export function checkRoomFault(fault: RoomFault, nowMs: number): CheckedRoomFault {
  const time = { atMs: fault.atMs ?? nowMs, durationMs: fault.durationMs ?? Infinity };
  requireWithin(`fault ${fault.kind}: durationMs`, time.durationMs, 0, Infinity);
  switch (fault.kind) {
    case 'smouldering': {
      const { smokeGPerS = 0.05, riseMs = 120_000 } = fault;
      requireWithin('fault smouldering: smokeGPerS', smokeGPerS, 0.0001, 10);
      requireWithin('fault smouldering: riseMs', riseMs, 0, Infinity);
      return { ...fault, ...time, smokeGPerS, riseMs };
    }
    case 'flaming': {
      const { growth = 'medium', maxKw = 500, distanceM = 2 } = fault;
      requireWithin('fault flaming: maxKw', maxKw, 1, 20_000);
      requireWithin('fault flaming: distanceM', distanceM, 0, 30);
      return { ...fault, ...time, growth, maxKw, distanceM };
    }
    case 'gasLeak': {
      const { litresPerS = 1.5 } = fault;
      requireWithin('fault gasLeak: litresPerS', litresPerS, 0.001, 1000);
      return { ...fault, ...time, litresPerS };
    }
  }
}
