import type { LoadRecord } from './tracked-load.ts';
import { knownStep } from './tracked-load.ts';

/** Which loads are still held to be on after a time in which nothing was measured. */
export type AfterOutage = {
  readonly kept: readonly LoadRecord[];
  readonly dropped: readonly LoadRecord[];
  /** `all`: the total fits; `some`: it fits without the dropped ones; `none`: no choice of loads fits. */
  readonly fit: 'all' | 'some' | 'none';
};

/** Subsets of up to this many loads are tried; of more, the largest ones. */
const MOST = 12;

/**
 * Compares the total after an interruption with what was on before: more power than before keeps every load (what came
 * is unexplained), the same power keeps all, less drops the fewest loads whose going explains it. When no choice
 * explains it, none is kept: better unexplained than wrong.
 *
 * `otherW`, `otherVar`: power beside the loads before; NaN var = unknown.
 */
export function loadsAfterOutage(
  loads: readonly LoadRecord[],
  other: { readonly activePowerW: number; readonly reactivePowerVar: number },
  now: { readonly activePowerW: number; readonly reactivePowerVar: number },
): AfterOutage {
  const before = sumOf(loads);
  const expectedW = before.activePowerW + other.activePowerW;
  const toleranceVa = Math.max(10, 0.03 * Math.abs(expectedW));
  const missingW = expectedW - now.activePowerW;
  const missingVar = before.reactivePowerVar + other.reactivePowerVar - now.reactivePowerVar;
  if (missingW <= toleranceVa) return { kept: loads, dropped: [], fit: 'all' };
  const choice = bestDrop(loads, missingW, missingVar, toleranceVa);
  if (choice === undefined) return { kept: [], dropped: loads, fit: 'none' };
  return { kept: loads.filter((load) => !choice.includes(load)), dropped: choice, fit: 'some' };
}

function bestDrop(
  loads: readonly LoadRecord[],
  missingW: number,
  missingVar: number,
  toleranceVa: number,
): readonly LoadRecord[] | undefined {
  const tried = [...loads].sort((a, b) => b.powerW - a.powerW).slice(0, MOST);
  let best: readonly LoadRecord[] | undefined;
  let bestCost = Infinity;
  for (let bits = 1; bits < 1 << tried.length; bits++) {
    const dropped = tried.filter((_, index) => (bits >> index) & 1);
    const { activePowerW, reactivePowerVar, deviationW } = sumOf(dropped);
    const offVar = missingVar - reactivePowerVar;
    const off = Math.hypot(missingW - activePowerW, Number.isNaN(offVar) ? 0 : offVar);
    const cost = off / Math.hypot(toleranceVa, deviationW);
    // Every further load that must have gone makes the story less likely.
    if (cost <= 1 && cost + 0.5 * dropped.length < bestCost) {
      bestCost = cost + 0.5 * dropped.length;
      best = dropped;
    }
  }
  return best;
}

function sumOf(loads: readonly LoadRecord[]): { activePowerW: number; reactivePowerVar: number; deviationW: number } {
  let activePowerW = 0;
  let reactivePowerVar = 0;
  let variance = 0;
  for (const load of loads) {
    activePowerW += load.powerW;
    reactivePowerVar += reactiveOf(load);
    variance += load.variance;
  }
  return { activePowerW, reactivePowerVar, deviationW: Math.sqrt(variance) };
}

/** Reactive power now, var: that of the switch-on, in proportion to the power; NaN = unknown. */
export function reactiveOf(load: LoadRecord): number {
  const vector = knownStep(load.vector);
  const onPowerW = vector[0] as number;
  return onPowerW > 0 ? ((vector[1] as number) * load.powerW) / onPowerW : (vector[1] as number);
}
