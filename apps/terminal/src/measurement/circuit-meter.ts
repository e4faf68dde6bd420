import {
  createCycleAnalyser,
  createReadingAggregator,
  type MainsHz,
  type MeanReading,
  type SampleBlock,
} from '@fengsui/signal';

/** Measures one circuit: samples in, a reading per 10 cycles (12 at 60 Hz) out. */
export type CircuitMeter = {
  push(samples: SampleBlock, onReading: (reading: MeanReading) => void): void;
  /** Ends the stream: yields what whole cycles are left. */
  flush(onReading: (reading: MeanReading) => void): void;
};

/**
 * Readings are those of about 200 ms (IEC 61000-4-30), not of single cycles: a heater fired in whole cycles, one on and
 * one off, would else never stay above a limit. Throws RangeError below 32 samples per cycle.
 */
export function createCircuitMeter(settings: {
  readonly sampleRateHz: number;
  readonly mainsHz: MainsHz;
  readonly hasResidual: boolean;
}): CircuitMeter {
  const { sampleRateHz, mainsHz, hasResidual } = settings;
  const analyser = createCycleAnalyser({ sampleRateHz, mainsHz, residual: hasResidual });
  const aggregator = createReadingAggregator({ mainsHz });
  return {
    push(samples, onReading) {
      analyser.push(samples, (cycle) => aggregator.push(cycle, onReading));
    },
    flush(onReading) {
      analyser.flush((cycle) => aggregator.push(cycle, onReading));
      aggregator.flush(onReading);
    },
  };
}
