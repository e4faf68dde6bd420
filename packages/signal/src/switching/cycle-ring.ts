import type { CycleReading, CycleSamples } from '../cycle-reading.ts';
import { FEATURE_COUNT, writeCycleFeatures } from './cycle-features.ts';

/** The newest cycles by their number. Waveforms are kept with 16 bits of each cycle's own peak: 98 dB. */
export type CycleRing = {
  readonly capacity: number;
  readonly samplesPerCycle: number;
  /** Oldest and newest cycle held; newest < oldest when empty. */
  oldest(): number;
  newest(): number;
  /** Takes the cycle of the next number; allocates nothing. */
  push(reading: CycleReading, samples: CycleSamples): void;
  /** Forgets all; the next cycle is number `next`. */
  clear(next: number): void;
  /** Features of all cycles; those of one begin at `featuresAt`. */
  readonly features: Float32Array;
  featuresAt(cycle: number): number;
  startFrame(cycle: number): number;
  activePowerW(cycle: number): number;
  reactivePowerVar(cycle: number): number;
  /** Adds weight times the waveform to `target`. */
  addVoltage(cycle: number, weight: number, target: Float64Array): void;
  addCurrent(cycle: number, weight: number, target: Float64Array): void;
};

const FULL_SCALE = 32767;
/** Makes a code positive before it is cut to a whole number. */
const ROUNDING = FULL_SCALE + 0.5;

/**
 * Creates the ring of an even `capacity`. The voltage is kept of every second cycle, an odd one is read as the even one
 * before it: it changes little, and averaged it costs no accuracy. State: 3·samplesPerCycle + 4·22 + 30 bytes per cycle.
 */
export function createCycleRing(capacity: number, samplesPerCycle: number): CycleRing {
  const features = new Float32Array(capacity * FEATURE_COUNT);
  const startFrames = new Float64Array(capacity);
  const active = new Float64Array(capacity);
  const reactive = new Float64Array(capacity);
  const voltageCodes = new Int16Array((capacity / 2) * samplesPerCycle);
  const currentCodes = new Int16Array(capacity * samplesPerCycle);
  const voltageSteps = new Float32Array(capacity / 2);
  const currentSteps = new Float32Array(capacity);
  let next = 0;
  let held = 0;

  return {
    capacity,
    samplesPerCycle,
    features,
    oldest: () => next - held,
    newest: () => next - 1,
    push(reading, samples) {
      const slot = next % capacity;
      writeCycleFeatures(reading, features, slot * FEATURE_COUNT);
      startFrames[slot] = reading.startFrame;
      active[slot] = reading.activePowerW;
      reactive[slot] = reading.reactivePowerVar;
      // The very first cycle counts as even, so that no odd one is read before anything was written.
      if (slot % 2 === 0 || held === 0) {
        voltageSteps[slot >> 1] = encode(samples.voltageV, voltageCodes, (slot >> 1) * samplesPerCycle);
      }
      currentSteps[slot] = encode(samples.currentA, currentCodes, slot * samplesPerCycle);
      next++;
      held = Math.min(held + 1, capacity);
    },
    clear(cycle) {
      next = cycle;
      held = 0;
    },
    featuresAt: (cycle) => (cycle % capacity) * FEATURE_COUNT,
    startFrame: (cycle) => startFrames[cycle % capacity] as number,
    activePowerW: (cycle) => active[cycle % capacity] as number,
    reactivePowerVar: (cycle) => reactive[cycle % capacity] as number,
    addVoltage(cycle, weight, target) {
      const slot = (cycle % capacity) >> 1;
      decode(voltageCodes, slot * samplesPerCycle, weight * (voltageSteps[slot] as number), target);
    },
    addCurrent(cycle, weight, target) {
      const slot = cycle % capacity;
      decode(currentCodes, slot * samplesPerCycle, weight * (currentSteps[slot] as number), target);
    },
  };
}

/** @returns the size of one code. */
function encode(values: Float64Array, codes: Int16Array, offset: number): number {
  let peak = 0;
  for (let point = 0; point < values.length; point++) {
    const value = values[point] as number;
    const size = value < 0 ? -value : value;
    if (size > peak) peak = size;
  }
  // In single precision, as it is kept: the codes are made for exactly the step they are read with.
  const step = Math.fround(peak / (FULL_SCALE - 1));
  const perStep = step > 0 ? 1 / step : 0;
  for (let point = 0; point < values.length; point++) {
    // Truncation of a positive number rounds: four times as fast as Math.round.
    codes[offset + point] = (((values[point] as number) * perStep + ROUNDING) | 0) - FULL_SCALE;
  }
  return step;
}

function decode(codes: Int16Array, offset: number, scale: number, target: Float64Array): void {
  for (let point = 0; point < target.length; point++) {
    (target[point] as number) += (codes[offset + point] as number) * scale;
  }
}
