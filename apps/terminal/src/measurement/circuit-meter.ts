import { createResidualPhasor, type ResidualPhasor } from '@fengsui/hazard';
import {
  createReadingAggregator,
  type CycleReading,
  type CycleSamples,
  type MainsHz,
  type MeanReading,
} from '@fengsui/signal';

export type MeterListener = {
  /** One mains cycle; reading and samples are reused for the next one. */
  readonly onCycle: (reading: CycleReading, samples: CycleSamples) => void;
  /** Ten of them (12 at 60 Hz); `residual` is the mean phasor of those that had one. */
  readonly onReading: (reading: MeanReading, residual: ResidualPhasor | undefined) => void;
};

/** Measures one circuit: cycles in, the same and readings of about 200 ms out. */
export type CircuitMeter = {
  take(cycle: CycleReading, samples: CycleSamples): void;
  /** Ends the stream: yields the reading that is not full yet. */
  flush(): void;
};

/** Its tables hold nothing of a circuit: all share them. */
const phasorPlans = new Map<number, ReturnType<typeof createResidualPhasor>>();

/**
 * Readings are those of about 200 ms (IEC 61000-4-30), not of single cycles: a heater fired in whole cycles, one on and
 * one off, would else never stay above a limit.
 */
export function createCircuitMeter(
  { mainsHz, samplesPerCycle }: { readonly mainsHz: MainsHz; readonly samplesPerCycle: number },
  listener: MeterListener,
): CircuitMeter {
  const aggregator = createReadingAggregator({ mainsHz });
  const phasorOf = phasorPlans.get(samplesPerCycle) ?? createResidualPhasor(samplesPerCycle);
  phasorPlans.set(samplesPerCycle, phasorOf);
  const sum = { inPhaseMa: 0, quadratureMa: 0, squares: 0, count: 0 };

  // Made once: a cycle then allocates nothing.
  const onBlock = (reading: MeanReading): void => listener.onReading(reading, takeMean());

  function takeMean(): ResidualPhasor | undefined {
    const { count } = sum;
    if (count === 0) return undefined;
    const rmsMa = Math.sqrt(sum.squares / count);
    const mean = { inPhaseMa: sum.inPhaseMa / count, quadratureMa: sum.quadratureMa / count, rmsMa };
    Object.assign(sum, { inPhaseMa: 0, quadratureMa: 0, squares: 0, count: 0 });
    return mean;
  }

  return {
    take(cycle, samples) {
      const { voltageV, residualCurrentMa } = samples;
      const phasor = residualCurrentMa === undefined ? undefined : phasorOf(voltageV, residualCurrentMa);
      if (phasor !== undefined && cycle.locked) {
        sum.inPhaseMa += phasor.inPhaseMa;
        sum.quadratureMa += phasor.quadratureMa;
        sum.squares += phasor.rmsMa ** 2;
        sum.count += 1;
      }
      listener.onCycle(cycle, samples);
      aggregator.push(cycle, onBlock);
    },
    flush: () => aggregator.flush(onBlock),
  };
}
