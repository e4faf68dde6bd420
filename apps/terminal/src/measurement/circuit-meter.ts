import { createResidualPhasor, type ResidualPhasor } from '@fengsui/hazard';
import {
  createCycleAnalyser,
  createReadingAggregator,
  type CycleReading,
  type CycleSamples,
  type MainsHz,
  type MeanReading,
  type SampleBlock,
} from '@fengsui/signal';

export type MeterListener = {
  /** One mains cycle; reading and samples are reused for the next one. */
  readonly onCycle: (reading: CycleReading, samples: CycleSamples) => void;
  /** Ten of them (12 at 60 Hz); `residual` is the mean phasor of those that had one. */
  readonly onReading: (reading: MeanReading, residual: ResidualPhasor | undefined) => void;
};

/** Measures one circuit: samples in, cycles and readings of about 200 ms out. */
export type CircuitMeter = {
  readonly samplesPerCycle: number;
  push(samples: SampleBlock): void;
  /** Ends the stream: yields what whole cycles are left. */
  flush(): void;
};

/**
 * Readings are those of about 200 ms (IEC 61000-4-30), not of single cycles: a heater fired in whole cycles, one on and
 * one off, would else never stay above a limit. Throws RangeError below 32 samples per cycle.
 */
export function createCircuitMeter(settings: {
  readonly sampleRateHz: number;
  readonly mainsHz: MainsHz;
  readonly hasResidual: boolean;
  readonly listener: MeterListener;
}): CircuitMeter {
  const { sampleRateHz, mainsHz, hasResidual, listener } = settings;
  const analyser = createCycleAnalyser({ sampleRateHz, mainsHz, residual: hasResidual, reusesReading: true });
  const aggregator = createReadingAggregator({ mainsHz });
  const phasorOf = createResidualPhasor(analyser.samplesPerCycle);
  const sum = { inPhaseMa: 0, quadratureMa: 0, squares: 0, count: 0 };

  // Made once: a cycle then allocates nothing.
  const onBlock = (reading: MeanReading): void => listener.onReading(reading, takeMean());

  function take(cycle: CycleReading, samples: CycleSamples): void {
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
  }

  function takeMean(): ResidualPhasor | undefined {
    const { count } = sum;
    if (count === 0) return undefined;
    const rmsMa = Math.sqrt(sum.squares / count);
    const mean = { inPhaseMa: sum.inPhaseMa / count, quadratureMa: sum.quadratureMa / count, rmsMa };
    Object.assign(sum, { inPhaseMa: 0, quadratureMa: 0, squares: 0, count: 0 });
    return mean;
  }

  return {
    samplesPerCycle: analyser.samplesPerCycle,
    push: (samples) => analyser.push(samples, take),
    flush() {
      analyser.flush(take);
      aggregator.flush(onBlock);
    },
  };
}
