import { peak } from '../peak.ts';
import { rms } from '../rms.ts';
import type { CycleRing } from './cycle-ring.ts';
import type { StateDifference } from './state-difference.ts';
import type { SwitchTransient } from './switch-event.ts';

/** Cycles of a transient that are kept. */
export const TRANSIENT_CYCLES = 50;

/** Keeps the cycles of a transient that leave the ring while the new state is awaited. */
export type TransientRecorder = {
  /** Takes note of the newest cycle. */
  record(): void;
  /** `last`: the last cycle that belongs to it. The cycles before `settledCycle` are the transient; `followsInrush`: whether its decay means something. */
  finish(
    kind: 'on' | 'off',
    settledCycle: number,
    followsInrush: boolean,
    difference: StateDifference,
    last: number,
  ): SwitchTransient;
};

/** Starts a recorder at cycle `first`. */
export function createTransientRecorder(ring: CycleRing, first: number): TransientRecorder {
  const left: Float32Array[] = [];
  const read = (cycle: number): Float64Array => {
    const waveform = new Float64Array(ring.samplesPerCycle);
    ring.addCurrent(cycle, 1, waveform);
    return waveform;
  };
  return {
    record() {
      const cycle = first + left.length;
      // The next cycle to come overwrites the oldest.
      if (cycle <= ring.newest() - ring.capacity + 1 && left.length < TRANSIENT_CYCLES)
        left.push(new Float32Array(read(cycle)));
    },
    finish(kind, settledCycle, followsInrush, { before, after, differenceCurrentA }, last) {
      const without = kind === 'on' ? before.currentA : after.currentA;
      const count = Math.max(0, Math.min(last - first + 1, TRANSIENT_CYCLES));
      const rmsA = new Float64Array(count);
      const peakA = new Float64Array(count);
      const own = new Float64Array(ring.samplesPerCycle);
      for (let n = 0; n < count; n++) {
        const kept = left[n];
        own.fill(0);
        if (kept === undefined) ring.addCurrent(first + n, 1, own);
        else own.set(kept);
        for (let point = 0; point < own.length; point++)
          own[point] = (own[point] as number) - (without[point] as number);
        // From point n on, not over the whole cycle: so the fingerprints of schema version 1 are, and what learned from them.
        rmsA[n] = rms(own, n);
        peakA[n] = peak(own, n);
      }
      const moving = kind === 'on' ? Math.max(0, settledCycle - first) : 0;
      const settledA = rms(differenceCurrentA);
      return {
        rmsA,
        peakA,
        inrushRatio: largestOver(rmsA.subarray(0, moving), settledA),
        peakRatio: largestOver(peakA.subarray(0, moving), peak(differenceCurrentA)),
        rampCycles: 0,
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
