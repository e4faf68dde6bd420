import { fingerprintOf, type CurrentFingerprint } from '@fengsui/fingerprint';
import type { RecentLoad } from '../src/teaching/recent-loads.ts';

const POINTS = 128;
const wave = (peak: number, order = 1, phaseRad = 0): Float64Array =>
  Float64Array.from({ length: POINTS }, (_, n) => peak * Math.sin((2 * Math.PI * order * n) / POINTS + phaseRad));

/** The fingerprint of a load of closed form: `thirdRatio` of third harmonic beside the fundamental in phase. */
export function closedFormFingerprint(currentA: number, thirdRatio: number): CurrentFingerprint {
  const peak = Math.SQRT2 * currentA;
  const third = wave(peak * thirdRatio, 3, Math.PI);
  const currentOf = wave(peak).map((value, n) => value + (third[n] ?? 0));
  const voltageV = wave(Math.SQRT2 * 220);
  const before = { voltageV, currentA: new Float64Array(POINTS), cycleCount: 10 };
  const fingerprint = fingerprintOf({ kind: 'on', before, after: { voltageV, currentA: currentOf, cycleCount: 10 } });
  if (fingerprint.kind === 'unusable') throw new Error(fingerprint.reason);
  return fingerprint;
}

/** A switching that was named by its type, unless told otherwise. */
export function recentLoad(change: Partial<RecentLoad> = {}): RecentLoad {
  return {
    loadEventId: 'c1-x-1',
    prefix: 'c1',
    kind: 'loadOn',
    at: 1_763_718_000_000,
    activePowerW: 1000,
    named: { level: 'type', name: 'kettle', confidence: 0.95 },
    type: 'kettle',
    family: 'resistive',
    fingerprint: closedFormFingerprint(5, 0),
    shape: { voltageV: [0, 1], currentA: [0, 1], harmonics: [] },
    ...change,
  };
}
