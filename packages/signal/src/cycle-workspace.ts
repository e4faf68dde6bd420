import { MeasuredCycle } from './cycle-reading.ts';
import type { CycleSamples } from './cycle-reading.ts';
import { CurrentWave } from './current-wave.ts';
import { PHASOR_COUNT } from './harmonic-phasors.ts';
import { createPairHarmonics } from './pair-harmonics.ts';
import type { PairHarmonics } from './pair-harmonics.ts';
import { VoltageCycle } from './voltage-cycle.ts';

/**
 * What the analysis of one cycle writes to. Nothing of it is needed for the next cycle, so all analysers of a process
 * share it: hundreds of circuits then stay within the cache.
 */
export type CycleWorkspace = {
  /** Points of each channel, as many as were asked for at least. */
  readonly points: readonly Float64Array[];
  readonly plan: PairHarmonics;
  readonly voltage: VoltageCycle;
  /** Of the two currents that share one transform. */
  readonly waves: readonly [CurrentWave, CurrentWave];
  /** All zero: stands in for a current that is not known or not there. */
  readonly zeros: Float64Array;
  /** Of circuits without a residual current, and with one: whether a reading has the field never changes. */
  readonly plain: Told;
  readonly withResidual: Told;
};

/** What is told of one circuit. */
type Told = {
  readonly reading: MeasuredCycle;
  readonly samples: { -readonly [Channel in keyof CycleSamples]: CycleSamples[Channel] };
};

type Pooled = CycleWorkspace & { readonly points: Float64Array[] };

/** By points per cycle. Several of a kind only exist where a listener pushes into another analyser. */
const pools = new Map<number, Pooled[]>();

/**
 * Lends a workspace; whoever takes one gives it back with `giveWorkspace` when the listeners have returned. Throws
 * RangeError for points that no transform is planned for.
 */
export function takeWorkspace(samplesPerCycle: number, channelCount: number): CycleWorkspace {
  const workspace = pools.get(samplesPerCycle)?.pop() ?? createWorkspace(samplesPerCycle);
  while (workspace.points.length < channelCount) workspace.points.push(new Float64Array(samplesPerCycle));
  return workspace;
}

export function giveWorkspace(workspace: CycleWorkspace): void {
  const pool = pools.get(workspace.plan.samplesPerCycle);
  if (pool === undefined) pools.set(workspace.plan.samplesPerCycle, [workspace as Pooled]);
  else pool.push(workspace as Pooled);
}

function createWorkspace(samplesPerCycle: number): Pooled {
  const plan = createPairHarmonics(samplesPerCycle);
  const zeros = new Float64Array(samplesPerCycle);
  const readingOf = (): MeasuredCycle => new MeasuredCycle(new Float64Array(PHASOR_COUNT));
  return {
    points: [],
    plan,
    voltage: new VoltageCycle(),
    waves: [new CurrentWave(), new CurrentWave()],
    zeros,
    plain: { reading: readingOf(), samples: { voltageV: zeros, currentA: zeros } },
    withResidual: {
      reading: readingOf(),
      samples: { voltageV: zeros, currentA: zeros, residualCurrentMa: zeros },
    },
  };
}
