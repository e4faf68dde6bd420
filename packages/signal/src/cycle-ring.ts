import type { CycleReading, CycleSamples } from './cycle-reading.ts';

/** A state held over several cycles: mean powers and the mean waveform of one cycle. */
export type SteadyState = {
  readonly activePowerW: number;
  readonly reactivePowerVar: number;
  /** How many cycles were averaged. */
  readonly cycleCount: number;
  /** Mean cycle, first point at the rising zero of the voltage fundamental. */
  readonly voltageV: Float64Array;
  /** Mean cycle on the same points. */
  readonly currentA: Float64Array;
};

/** The newest cycles, oldest first by age: age 0 is the newest. */
export type CycleRing = {
  count(): number;
  push(reading: CycleReading, samples: CycleSamples): void;
  clear(): void;
  /** Mean power of the cycles of ages from..to-1, written to the two fields of the record that is returned. */
  meanPower(from: number, to: number): { activePowerW: number; reactivePowerVar: number };
  /** Largest distance in the P-Q plane of a cycle of ages from..to-1 from a point, VA. */
  farthest(from: number, to: number, activePowerW: number, reactivePowerVar: number): number;
  /** Root mean square distance in the P-Q plane between consecutive cycles of ages from..to-1, VA. */
  roughness(from: number, to: number): number;
  /** Distance in the P-Q plane between the means of the newer and the older half of ages from..to-1, VA. */
  drift(from: number, to: number): number;
  /** The mean state of the cycles of ages from..to-1; new arrays. */
  average(from: number, to: number): SteadyState;
};

/** Creates a ring of `capacity` cycles of `samplesPerCycle` points; pushing allocates nothing. */
export function createCycleRing(capacity: number, samplesPerCycle: number): CycleRing {
  const active = new Float64Array(capacity);
  const reactive = new Float64Array(capacity);
  const voltage = Array.from({ length: capacity }, () => new Float64Array(samplesPerCycle));
  const current = Array.from({ length: capacity }, () => new Float64Array(samplesPerCycle));
  const power = { activePowerW: NaN, reactivePowerVar: NaN };
  let pushed = 0;
  let held = 0;
  const slot = (age: number): number => (pushed - 1 - age + capacity) % capacity;
  const distance = (age: number, p: number, q: number): number =>
    Math.hypot((active[slot(age)] as number) - p, (reactive[slot(age)] as number) - q);

  const meanPower = (from: number, to: number): { activePowerW: number; reactivePowerVar: number } => {
    let p = 0;
    let q = 0;
    for (let age = from; age < to; age++) {
      p += active[slot(age)] as number;
      q += reactive[slot(age)] as number;
    }
    power.activePowerW = p / (to - from);
    power.reactivePowerVar = q / (to - from);
    return power;
  };

  return {
    count: () => held,
    push(reading, samples) {
      const next = pushed % capacity;
      active[next] = reading.activePowerW;
      reactive[next] = reading.reactivePowerVar;
      (voltage[next] as Float64Array).set(samples.voltageV);
      (current[next] as Float64Array).set(samples.currentA);
      pushed++;
      held = Math.min(held + 1, capacity);
    },
    clear() {
      held = 0;
    },
    meanPower,
    farthest(from, to, activePowerW, reactivePowerVar) {
      let most = 0;
      for (let age = from; age < to; age++) most = Math.max(most, distance(age, activePowerW, reactivePowerVar));
      return most;
    },
    roughness(from, to) {
      let squares = 0;
      for (let age = from; age + 1 < to; age++) {
        squares += distance(age, active[slot(age + 1)] as number, reactive[slot(age + 1)] as number) ** 2;
      }
      return Math.sqrt(squares / (to - from - 1));
    },
    drift(from, to) {
      const middle = from + Math.floor((to - from) / 2);
      const { activePowerW, reactivePowerVar } = meanPower(from, middle);
      const older = meanPower(middle, to);
      return Math.hypot(activePowerW - older.activePowerW, reactivePowerVar - older.reactivePowerVar);
    },
    average(from, to) {
      const slots = Array.from({ length: to - from }, (_, index) => slot(from + index));
      const mean = meanPower(from, to);
      return {
        activePowerW: mean.activePowerW,
        reactivePowerVar: mean.reactivePowerVar,
        cycleCount: to - from,
        voltageV: meanOf(slots.map((index) => voltage[index] as Float64Array)),
        currentA: meanOf(slots.map((index) => current[index] as Float64Array)),
      };
    },
  };
}

function meanOf(cycles: readonly Float64Array[]): Float64Array {
  const mean = new Float64Array(cycles[0]?.length ?? 0);
  for (const cycle of cycles)
    for (let point = 0; point < mean.length; point++) (mean[point] as number) += cycle[point] as number;
  return mean.map((sum) => sum / cycles.length);
}
