import type { CycleRing } from './cycle-ring.ts';
import type { SteadyState } from './switch-event.ts';

/** Cycles of one background level on both sides of a switch. */
export type CyclePair = { readonly before: readonly number[]; readonly after: readonly number[] };

/** A state and how well its mean waveform is known. */
export type MeasuredState = { readonly state: SteadyState; readonly varianceOfMean: Float64Array };

/** Two states and how well their difference is known. */
export type StateDifference = {
  readonly before: SteadyState;
  readonly after: SteadyState;
  readonly differenceCurrentA: Float64Array;
  readonly differenceErrorA: Float64Array;
};

/**
 * Averages both sides level by level. Each level counts by n·m/(n + m), the weight that makes the error of the
 * difference smallest; the same weights on both sides make the difference free of the background.
 */
export function measureStates(ring: CycleRing, pairs: readonly CyclePair[]): [MeasuredState, MeasuredState] {
  const weights = pairs.map(({ before, after }) => (before.length * after.length) / (before.length + after.length));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const shares = weights.map((weight) => weight / total);
  return [
    measureState(
      ring,
      pairs.map((pair) => pair.before),
      shares,
    ),
    measureState(
      ring,
      pairs.map((pair) => pair.after),
      shares,
    ),
  ];
}

/** Averages groups of cycles; group g counts by its share. The variance of a group of one cycle is NaN. */
export function measureState(
  ring: CycleRing,
  groups: readonly (readonly number[])[],
  shares: readonly number[] = [1],
): MeasuredState {
  const varianceOfMean = new Float64Array(ring.samplesPerCycle);
  const state = stateOf(ring, groups, shares);
  for (const [index, cycles] of groups.entries()) {
    const mean = groups.length === 1 && shares[0] === 1 ? state.currentA : meanCurrentOf(ring, cycles);
    addVarianceOfMean(ring, cycles, mean, shares[index] as number, varianceOfMean);
  }
  return { state, varianceOfMean };
}

/** after - before. */
export function differenceOf(before: MeasuredState, after: MeasuredState): StateDifference {
  return {
    before: before.state,
    after: after.state,
    differenceCurrentA: after.state.currentA.map((value, point) => value - (before.state.currentA[point] as number)),
    differenceErrorA: after.varianceOfMean.map((value, point) =>
      Math.sqrt(value + (before.varianceOfMean[point] as number)),
    ),
  };
}

function stateOf(ring: CycleRing, groups: readonly (readonly number[])[], shares: readonly number[]): SteadyState {
  const voltageV = new Float64Array(ring.samplesPerCycle);
  const currentA = new Float64Array(ring.samplesPerCycle);
  let activePowerW = 0;
  let reactivePowerVar = 0;
  for (const [index, cycles] of groups.entries()) {
    const weight = (shares[index] as number) / cycles.length;
    for (const cycle of cycles) {
      ring.addVoltage(cycle, weight, voltageV);
      ring.addCurrent(cycle, weight, currentA);
      activePowerW += weight * ring.activePowerW(cycle);
      reactivePowerVar += weight * ring.reactivePowerVar(cycle);
    }
  }
  const all = groups.flat();
  const firstCycle = all.reduce((least, cycle) => Math.min(least, cycle), Infinity);
  return { activePowerW, reactivePowerVar, firstCycle, cycleCount: all.length, voltageV, currentA };
}

function meanCurrentOf(ring: CycleRing, cycles: readonly number[]): Float64Array {
  const mean = new Float64Array(ring.samplesPerCycle);
  for (const cycle of cycles) ring.addCurrent(cycle, 1 / cycles.length, mean);
  return mean;
}

/** Adds share²·s²/n per point, s² the spread of the cycles; nothing is known of the spread of a single cycle. */
function addVarianceOfMean(
  ring: CycleRing,
  cycles: readonly number[],
  mean: Float64Array,
  share: number,
  target: Float64Array,
): void {
  const count = cycles.length;
  const scale = count > 1 ? (share * share) / (count * (count - 1)) : NaN;
  const rest = new Float64Array(ring.samplesPerCycle);
  for (const cycle of cycles) {
    rest.fill(0);
    ring.addCurrent(cycle, 1, rest);
    for (let point = 0; point < rest.length; point++) {
      const deviation = (rest[point] as number) - (mean[point] as number);
      target[point] = (target[point] as number) + scale * deviation * deviation;
    }
  }
}
