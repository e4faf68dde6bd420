import { peak } from '../peak.ts';
import { rms } from '../rms.ts';
import type { CycleRing } from './cycle-ring.ts';
import type { StateDifference } from './state-difference.ts';
import type { SwitchTransient } from './switch-event.ts';

/** Cycles of a transient that are kept. */
export const TRANSIENT_CYCLES = 50;

/** Keeps the cycles of a transient as they come: the ring does not hold all of a long one. */
export type TransientRecorder = {
  /** Takes the cycles of the ring up to `last`, as far as they are new and fit. */
  recordUpTo(last: number): void;
  /** The cycles before `settledCycle` are the transient; `followsInrush`: whether its decay means something. */
  finish(
    kind: 'on' | 'off',
    settledCycle: number,
    followsInrush: boolean,
    difference: StateDifference,
  ): SwitchTransient;
};

/** Starts a recorder at cycle `first`. */
export function createTransientRecorder(ring: CycleRing, first: number): TransientRecorder {
  const waveforms: Float32Array[] = [];
  const scratch = new Float64Array(ring.samplesPerCycle);
  return {
    recordUpTo(last) {
      const end = Math.min(last, first + TRANSIENT_CYCLES - 1);
      for (let cycle = first + waveforms.length; cycle <= end; cycle++) {
        scratch.fill(0);
        ring.addCurrent(cycle, 1, scratch);
        waveforms.push(Float32Array.from(scratch));
      }
    },
    finish(kind, settledCycle, followsInrush, { before, after, differenceCurrentA }) {
      const without = kind === 'on' ? before.currentA : after.currentA;
      const own = waveforms.map((waveform) => without.map((value, point) => (waveform[point] as number) - value));
      const rmsA = Float64Array.from(own, rms);
      const peakA = Float64Array.from(own, peak);
      const moving = kind === 'on' ? Math.max(0, settledCycle - first) : 0;
      const settledA = rms(differenceCurrentA);
      return {
        rmsA,
        peakA,
        inrushRatio: largestOver(rmsA.subarray(0, moving), settledA),
        peakRatio: largestOver(peakA.subarray(0, moving), peak(differenceCurrentA)),
        decayCycles: followsInrush ? decayOf(rmsA.subarray(0, moving), settledA) : NaN,
      };
    },
  };
}

function largestOver(values: Float64Array, settled: number): number {
  return Math.max(1, values.reduce((most, value) => Math.max(most, value), 0) / settled);
}

/**
 * Time constant of the excess over the settled rms by its area: an exponential sampled once per cycle sums to
 * 1/(1 - e^(-1/τ)) times its first value.
 */
function decayOf(rmsA: Float64Array, settledA: number): number {
  const largest = rmsA.reduce((most, value) => Math.max(most, value), 0);
  if (largest <= settledA) return 0;
  const excess = rmsA.subarray(rmsA.indexOf(largest)).map((value) => Math.max(0, value - settledA));
  const area = excess.reduce((total, value) => total + value, 0) / (largest - settledA);
  return area <= 1 ? 0 : -1 / Math.log(1 - 1 / area);
}
