import { createBoardCycleAnalyser, type CycleReading, type CycleSamples, type SampleBlock } from '@fengsui/signal';
import type { SampleSource, SourceCircuit } from '../source/sample-source.ts';
import { createCircuitMeter, type CircuitMeter, type MeterListener } from './circuit-meter.ts';

/** Measures the circuits of one board. */
export type BoardMeter = {
  /** One piece of each circuit, in the order of the source's, all of the same frames. */
  push(samples: readonly SampleBlock[]): void;
  /** Ends the stream: yields what whole cycles are left. */
  flush(): void;
};

/** Points per cycle of all that the terminal measures. */
export const SAMPLES_PER_CYCLE = 128;

/**
 * Measures the circuits on the shared voltage together, so that it is locked to, resampled and transformed once, and
 * those with a voltage of their own each by itself. `listenerOf` is asked once per circuit.
 *
 * @throws RangeError below 32 samples per cycle.
 */
export function createBoardMeter(
  source: Pick<SampleSource, 'sampleRateHz' | 'mainsHz' | 'circuits'>,
  listenerOf: (circuit: SourceCircuit, index: number) => MeterListener,
): BoardMeter {
  const { mainsHz, circuits } = source;
  const meters = circuits.map((circuit, index) => {
    return createCircuitMeter({ mainsHz, samplesPerCycle: SAMPLES_PER_CYCLE }, listenerOf(circuit, index));
  });
  const groups = groupsOf(circuits).map((members) => createGroup(source, members, meters));
  return {
    push: (samples) => groups.forEach((group) => group.push(samples)),
    flush() {
      groups.forEach((group) => group.flush());
      meters.forEach((meter) => meter.flush());
    },
  };
}

/** Indices of the circuits that are on one voltage. */
function groupsOf(circuits: readonly SourceCircuit[]): readonly (readonly number[])[] {
  const indices = circuits.map((_, index) => index);
  const onShared = indices.filter((index) => circuits[index]?.hasOwnVoltage !== true);
  const onOwn = indices.filter((index) => circuits[index]?.hasOwnVoltage === true).map((index) => [index]);
  return onShared.length === 0 ? onOwn : [onShared, ...onOwn];
}

function createGroup(
  { sampleRateHz, mainsHz, circuits }: Pick<SampleSource, 'sampleRateHz' | 'mainsHz' | 'circuits'>,
  members: readonly number[],
  meters: readonly CircuitMeter[],
): BoardMeter {
  const analyser = createBoardCycleAnalyser({
    sampleRateHz,
    mainsHz,
    circuits: members.map((index) => ({ residual: circuits[index]?.hasResidual === true })),
    samplesPerCycle: SAMPLES_PER_CYCLE,
    reusesReading: true,
  });
  const metersOfMembers = members.map((index) => meters[index] as CircuitMeter);
  // Made once: a piece then allocates nothing.
  const pieces: SampleBlock[] = [];
  const block: { voltageV: Float64Array; readonly circuits: readonly SampleBlock[] } = {
    voltageV: new Float64Array(0),
    circuits: pieces,
  };
  const onCycle = (member: number, cycle: CycleReading, samples: CycleSamples): void =>
    (metersOfMembers[member] as CircuitMeter).take(cycle, samples);
  return {
    push(samples) {
      for (let member = 0; member < members.length; member++) {
        pieces[member] = samples[members[member] as number] as SampleBlock;
      }
      block.voltageV = (pieces[0] as SampleBlock).voltageV;
      analyser.push(block, onCycle);
    },
    flush: () => analyser.flush(onCycle),
  };
}
