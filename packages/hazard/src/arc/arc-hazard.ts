import type { Level } from '@fengsui/alarm';
import type { HazardEvent } from '../hazard-event.ts';
import type { ArcDecision } from './arc-decision.ts';
import { arcEvidence, type ArcWindow } from './arc-evidence.ts';
import { PARALLEL_HALF_CYCLES } from './parallel-arc.ts';
import { confirmingCount, SERIES_STAGES } from './series-arc.ts';

/** How long a hazard holds after its last arcing half-cycle, ms: an arc that went out comes back. */
const HOLD_MS: Readonly<Record<Level, number>> = { attention: 10_000, warning: 30_000, alarm: 60_000 };
const RANK: Readonly<Record<Level, number>> = { attention: 1, warning: 2, alarm: 3 };
/** Arcing half-cycles closer than this are one stretch, ms: two half-cycles of 50 Hz. */
const STRETCH_MS = 25;
const MOST_WINDOWS = 64;

/** Turns counts of half-cycles into the hazard of one circuit. */
export type ArcHazard = {
  /** A half-cycle of a parallel arc of this rms. */
  noteFault(rmsA: number): void;
  /** The event that a half-cycle leads to, if the level changed. */
  tell(decision: ArcDecision, faultCount: number, isFault: boolean): HazardEvent | undefined;
  /** What holds; its `at` is when its level was last confirmed. */
  active(): HazardEvent | undefined;
};

/**
 * Levels: `attention` 5 arcing half-cycles in 1 s, `warning` 8, `alarm` a confirmed series arc or a parallel one. A level
 * only rises while the arc lasts; it ends 10, 30 or 60 s after the last arcing half-cycle.
 */
export function createArcHazard(circuit: string, restored?: HazardEvent): ArcHazard {
  let active = restored;
  let lastArcAt = restored?.at ?? -Infinity;
  let faultA = 0;
  let windows: ArcWindow[] = [];

  const note = (startAt: number, endAt: number): void => {
    const last = windows.at(-1);
    if (last !== undefined && startAt - last[1] < STRETCH_MS) last[1] = endAt;
    else windows.push([startAt, endAt]);
    if (windows.length > MOST_WINDOWS) windows.shift();
  };

  const levelOf = ({ isConfirmed, halfCycleCount: count }: ArcDecision): Level | undefined => {
    if (isConfirmed) return 'alarm';
    if (count >= SERIES_STAGES.repeated) return 'warning';
    return count >= SERIES_STAGES.event ? 'attention' : undefined;
  };

  return {
    noteFault(rmsA) {
      faultA = faultA === 0 ? rmsA : faultA + 0.3 * (rmsA - faultA);
    },
    tell(decision, faultCount, isFault) {
      if (decision.isArcing || faultCount > 0) {
        lastArcAt = decision.endAt;
        if (decision.isArcing) note(decision.startAt, decision.endAt);
      }
      if (faultCount === 0) faultA = 0;
      const level = isFault ? 'alarm' : decision.isArcing ? levelOf(decision) : undefined;
      const common = { kind: 'arc', point: circuit, pointId: `${circuit}.currentA`, measure: 'arcHalfCycles' };
      if (level !== undefined && RANK[level] > (active === undefined ? 0 : RANK[active.level])) {
        const count = isFault ? faultCount : decision.halfCycleCount;
        const limit = isFault ? PARALLEL_HALF_CYCLES : confirmingCount(decision.baseline);
        active = {
          ...common,
          active: true,
          level,
          at: decision.decidedAt,
          value: count,
          limit,
          confidence: confidenceOf(level === 'alarm' ? count : Math.min(count, 0.8 * limit), limit),
          evidence: arcEvidence(decision, isFault ? { rmsA: faultA, count } : undefined, level, windows),
        };
        return active;
      }
      // Told once, but newly confirmed: who acts on it must know that it burns since he last looked.
      if (active !== undefined && level === active.level) active = { ...active, at: decision.decidedAt };
      if (active !== undefined && decision.endAt - lastArcAt > HOLD_MS[active.level]) {
        const ended = { ...common, active: false, level: active.level, at: decision.decidedAt };
        const event: HazardEvent = { ...ended, value: 0, limit: active.limit };
        active = undefined;
        windows = [];
        return event;
      }
      return undefined;
    },
    active: () => active,
  };
}

/**
 * Rises with the half-cycles counted: 0.5 at half the number that confirms, 0.97 there. A rank, not a measured
 * probability: what is measured are the false confirmations per episode (evaluate arc).
 */
function confidenceOf(count: number, limit: number): number {
  const odds = Math.exp((7 * (count - limit / 2)) / limit);
  return Math.round((1000 * odds) / (1 + odds)) / 1000;
}
