import type { Level } from '@fengsui/alarm';
import type { EvidenceValue, HazardEvidence } from '../hazard-event.ts';
import type { ArcDecision } from './arc-decision.ts';

/** A stretch of arcing half-cycles, from and to, ms. */
export type ArcWindow = [number, number];

const STAGE: Readonly<Record<Level, string>> = { attention: 'tick', warning: 'event', alarm: 'confirmed' };

/** Evidence 'arc/1' of an event: the newest half-cycle's features beside the state of the loads they were held against. */
export function arcEvidence(
  decision: ArcDecision,
  fault: { readonly rmsA: number; readonly count: number } | undefined,
  level: Level,
  windows: readonly ArcWindow[],
): HazardEvidence {
  const { features: seen, baseline } = decision;
  const feature = (name: string, value: number, usual?: number, limit?: number): EvidenceValue => ({
    feature: name,
    value: rounded(value),
    ...(usual === undefined ? {} : { baseline: rounded(usual) }),
    ...(limit === undefined ? {} : { limit: rounded(limit) }),
  });
  const features: EvidenceValue[] = [];
  if (fault !== undefined) features.push(feature('faultCurrentA', fault.rmsA, 0));
  else features.push(feature('erraticHalfCycles', decision.erraticCount, 0));
  if (baseline !== undefined) {
    features.push(
      feature('seriesDropV', seen.dropV, 0, 6 * baseline.dropSpreadV),
      feature('levelRatio', seen.levelRatio, 1),
      feature('distanceRatio', seen.distance, baseline.distance, 3 * baseline.distance),
      feature('surpriseRatio', seen.surprise, baseline.surprise),
      feature('restPoints', seen.restPoints, baseline.restPoints),
      feature('startDelayPoints', seen.startDelayPoints, 0),
      feature('stepRatio', seen.stepRatio, baseline.stepRatio),
      feature('explainedRatio', seen.explained),
    );
  }
  return {
    schema: 'arc/1',
    arcKind: fault === undefined ? 'series' : 'parallel',
    stage: STAGE[level],
    halfCycleCount: Math.max(1, fault?.count ?? decision.halfCycleCount),
    windowMs: fault === undefined ? 1000 : 500,
    // The mean |current| of a sine is 0.9 of its rms; good enough beside a shape.
    currentA: rounded(fault?.rmsA ?? seen.levelA / 0.9),
    features,
    windows: windows.map(([from, to]) => [Math.floor(from), Math.floor(to)]),
    reason: decision.reason,
  };
}

const rounded = (value: number): number => (Number.isFinite(value) ? Number(value.toPrecision(4)) : 0);
