import type { CycleReading, CycleSamples } from '../cycle-reading.ts';
import { FEATURE_COUNT, writeCycleFeatures } from './cycle-features.ts';
import { createWaveformRing } from './waveform-ring.ts';

/** Of this module: the compiler reads an imported constant anew at each turn of a loop. */
const FEATURES = FEATURE_COUNT;

/** The newest cycles by their number. */
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

/** One voltage waveform per so many cycles: it changes little, and averaged it costs no accuracy. */
const VOLTAGE_INTERVAL = 8;
/** Waveforms of the current that others are kept as differences from: those of the levels of a few loads. */
const CURRENT_KEYS = 6;
const VOLTAGE_KEYS = 2;

/**
 * Creates the ring. The waveform of the voltage is kept of every eighth cycle, the others are read as the one of these
 * before them, with their own rms. State at 128 points and 64 cycles: 18.7 KiB, of which features 5.5, currents 9.9 and
 * voltages 1.9.
 */
export function createCycleRing(capacity: number, samplesPerCycle: number): CycleRing {
  const features = new Float32Array(capacity * FEATURES);
  const startFrames = new Float64Array(capacity);
  const active = new Float32Array(capacity);
  const reactive = new Float32Array(capacity);
  // The oldest cycles are read as one that is no longer held itself.
  const voltages = createWaveformRing(Math.ceil(capacity / VOLTAGE_INTERVAL) + 1, samplesPerCycle, VOLTAGE_KEYS);
  const currents = createWaveformRing(capacity, samplesPerCycle, CURRENT_KEYS);
  /** Rms of a cycle over that of the cycle whose waveform stands for it. */
  const voltageScales = new Float32Array(capacity);
  let keptVoltageV = 1;
  let next = 0;
  let held = 0;
  /** The slot of a voltage: the first cycle after a `clear` begins one of its own, whatever its number. */
  let first = 0;
  const voltageSlot = (cycle: number): number => Math.floor((cycle - first) / VOLTAGE_INTERVAL);

  return {
    capacity,
    samplesPerCycle,
    features,
    oldest: () => next - held,
    newest: () => next - 1,
    push(reading, samples) {
      const slot = next % capacity;
      writeCycleFeatures(reading, features, slot * FEATURES);
      startFrames[slot] = reading.startFrame;
      active[slot] = reading.activePowerW;
      reactive[slot] = reading.reactivePowerVar;
      if ((next - first) % VOLTAGE_INTERVAL === 0) {
        voltages.push(voltageSlot(next), samples.voltageV);
        keptVoltageV = reading.voltageV;
      }
      voltageScales[slot] = keptVoltageV > 0 ? reading.voltageV / keptVoltageV : 1;
      currents.push(next, samples.currentA);
      next++;
      held = Math.min(held + 1, capacity);
    },
    clear(cycle) {
      next = cycle;
      first = cycle;
      held = 0;
      voltages.clear();
      currents.clear();
    },
    featuresAt: (cycle) => (cycle % capacity) * FEATURES,
    startFrame: (cycle) => startFrames[cycle % capacity] as number,
    activePowerW: (cycle) => active[cycle % capacity] as number,
    reactivePowerVar: (cycle) => reactive[cycle % capacity] as number,
    addVoltage(cycle, weight, target) {
      voltages.add(voltageSlot(cycle), weight * (voltageScales[cycle % capacity] as number), target);
    },
    addCurrent: (cycle, weight, target) => currents.add(cycle, weight, target),
  };
}
