import { checkPositive, checkWhole } from './argument-checks.ts';
import type { CycleReading, CycleSamples } from './cycle-reading.ts';
import { createCycleRing } from './cycle-ring.ts';
import type { SteadyState } from './cycle-ring.ts';
import { rms } from './rms.ts';

/** A load was switched: the circuit went from one steady state to another. */
export type SwitchEvent = {
  readonly kind: 'on' | 'off';
  /** The first cycle that left the old state; cycles are counted from 0 in the order they were pushed. */
  readonly cycle: number;
  /** First frame of that cycle, from the start of the stream. */
  readonly startFrame: number;
  /** The first cycle of the new steady state. */
  readonly settledCycle: number;
  /** False when the new state did not become steady in time and its mean was taken as it was. */
  readonly settled: boolean;
  readonly deltaActivePowerW: number;
  readonly deltaReactivePowerVar: number;
  /** Rms of the difference waveform. */
  readonly deltaCurrentA: number;
  /** Largest absolute current on the way, over the peak current of the higher of the two states; 1 without inrush. */
  readonly inrushRatio: number;
  readonly before: SteadyState;
  readonly after: SteadyState;
  /** after - before, point by point, both aligned to the voltage fundamental: the current of the load switched on. */
  readonly differenceCurrentA: Float64Array;
};

/** Settings of a switch event detector. */
export type SwitchEventSettings = {
  readonly samplesPerCycle: number;
  /** Cycles averaged before and after. Default 5. */
  readonly steadyCycles?: number;
  /** Smallest step in the P-Q plane, VA. Default 10. */
  readonly thresholdVa?: number;
  /** Smallest step as a part of the distance of the old state from zero. Default 0.01. */
  readonly thresholdRatio?: number;
  /** Smallest step in units of the old state's cycle-to-cycle roughness (rms). Default 6. */
  readonly thresholdRoughness?: number;
  /** Cycles after which an unsettled new state is taken as it is. Default 150 (3 s at 50 Hz): motors, PTC heaters. */
  readonly longestSettlingCycles?: number;
};

/** Cycles in, switch events out. */
export type SwitchEventDetector = {
  /** Takes the next cycle; calls back when a new steady state differs from the old one. */
  push(reading: CycleReading, samples: CycleSamples, onEvent: (event: SwitchEvent) => void): void;
};

/**
 * Detects switching as steps of (P, Q1) between steady states.
 *
 * A cycle farther from the old state than max(thresholdVa, thresholdRatio·|state|, thresholdRoughness·roughness) opens
 * a change; it closes when `steadyCycles` consecutive cycles stay within half that limit or 5 % of the step, whichever
 * is more, so inrush belongs to the change and not to the load. The newest cycle of the old state is left out of
 * `before`: the switch may have closed late in it. A change that returns to the old state is no event; two switches
 * within the settling time are one event. A slow drift moves the old state along. Cycles that are not locked or hold
 * NaN end the old state: after them it is learned anew.
 *
 * Throws RangeError for settings out of range.
 *
 * @example detector.push(reading, samples, (event) => show(event.kind, event.deltaActivePowerW))
 */
export function createSwitchEventDetector(settings: SwitchEventSettings): SwitchEventDetector {
  const { steadyCycles = 5, thresholdVa = 10, thresholdRatio = 0.01, thresholdRoughness = 6 } = settings;
  const { samplesPerCycle, longestSettlingCycles = 150 } = settings;
  checkWhole('createSwitchEventDetector', 'samplesPerCycle', samplesPerCycle, 1);
  checkWhole('createSwitchEventDetector', 'steadyCycles', steadyCycles, 2);
  checkWhole('createSwitchEventDetector', 'longestSettlingCycles', longestSettlingCycles, steadyCycles);
  checkPositive('createSwitchEventDetector', 'thresholdVa', thresholdVa);
  checkPositive('createSwitchEventDetector', 'thresholdRatio', thresholdRatio);
  checkPositive('createSwitchEventDetector', 'thresholdRoughness', thresholdRoughness);
  const ring = createCycleRing(steadyCycles + 1, samplesPerCycle);
  let cycle = -1;
  let change: Change | undefined;

  const limitAround = (activePowerW: number, reactivePowerVar: number): number =>
    Math.max(
      thresholdVa,
      thresholdRatio * Math.hypot(activePowerW, reactivePowerVar),
      thresholdRoughness * ring.roughness(1, steadyCycles + 1),
    );

  /** Opens a change when this cycle has left the state that the ring holds. */
  const watch = (reading: CycleReading): void => {
    if (ring.count() < steadyCycles + 1) return;
    const old = ring.meanPower(1, steadyCycles + 1);
    const limitVa = limitAround(old.activePowerW, old.reactivePowerVar);
    const step = Math.hypot(reading.activePowerW - old.activePowerW, reading.reactivePowerVar - old.reactivePowerVar);
    if (step <= limitVa) return;
    const before = ring.average(1, steadyCycles + 1);
    change = { before, limitVa, cycle, startFrame: reading.startFrame, peakA: 0 };
    ring.clear();
  };

  const settle = (open: Change, onEvent: (event: SwitchEvent) => void): void => {
    if (ring.count() < steadyCycles) return;
    const late = cycle - open.cycle + 1 >= longestSettlingCycles;
    const { activePowerW, reactivePowerVar } = ring.meanPower(0, steadyCycles);
    const step = Math.hypot(activePowerW - open.before.activePowerW, reactivePowerVar - open.before.reactivePowerVar);
    const spread = ring.farthest(0, steadyCycles, activePowerW, reactivePowerVar);
    const steady =
      spread <= Math.max(open.limitVa / 2, SETTLED_SPREAD * step) &&
      ring.drift(0, steadyCycles) <= Math.max(open.limitVa / 2, SETTLED_DRIFT * step);
    if (!steady && !late) return;
    change = undefined;
    if (step > open.limitVa) {
      onEvent(toEvent(open, ring.average(0, steadyCycles), cycle - steadyCycles + 1, steady));
    }
  };

  return {
    push(reading, samples, onEvent) {
      cycle++;
      // Infinity and NaN alike: neither belongs to a state that could be averaged.
      if (!reading.locked || !Number.isFinite(reading.activePowerW) || !Number.isFinite(reading.reactivePowerVar)) {
        ring.clear();
        change = undefined;
        return;
      }
      if (change === undefined) watch(reading);
      ring.push(reading, samples);
      if (change === undefined) return;
      change.peakA = Math.max(change.peakA, reading.currentCrestFactor * reading.currentA || 0);
      settle(change, onEvent);
    },
  };
}

/** A new load may pulse by this part of its step and still be a state … */
const SETTLED_SPREAD = 0.2;
/** … but between the older and the newer half of the window it must have stopped moving: inrush decays one way. */
const SETTLED_DRIFT = 0.01;

type Change = {
  readonly before: SteadyState;
  readonly limitVa: number;
  readonly cycle: number;
  readonly startFrame: number;
  peakA: number;
};

function toEvent(change: Change, after: SteadyState, settledCycle: number, settled: boolean): SwitchEvent {
  const { before } = change;
  const differenceCurrentA = after.currentA.map((value, point) => value - (before.currentA[point] ?? NaN));
  const deltaActivePowerW = after.activePowerW - before.activePowerW;
  const deltaReactivePowerVar = after.reactivePowerVar - before.reactivePowerVar;
  const statePeakA = Math.max(...before.currentA.map(Math.abs), ...after.currentA.map(Math.abs));
  return {
    kind: isOn(before, after) ? 'on' : 'off',
    cycle: change.cycle,
    startFrame: change.startFrame,
    settledCycle,
    settled,
    deltaActivePowerW,
    deltaReactivePowerVar,
    deltaCurrentA: rms(differenceCurrentA),
    inrushRatio: Math.max(1, change.peakA / statePeakA),
    before,
    after,
    differenceCurrentA,
  };
}

/** More active power is "on"; a step that is almost purely reactive (a capacitor, an idle motor) goes by |S|. */
function isOn(before: SteadyState, after: SteadyState): boolean {
  const p = after.activePowerW - before.activePowerW;
  const q = after.reactivePowerVar - before.reactivePowerVar;
  if (Math.abs(p) >= 0.1 * Math.abs(q)) return p > 0;
  return (
    Math.hypot(after.activePowerW, after.reactivePowerVar) > Math.hypot(before.activePowerW, before.reactivePowerVar)
  );
}
