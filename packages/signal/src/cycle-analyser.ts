import { createAnalyserNamed } from './board-cycle-analyser.ts';
import type { CycleReading, CycleSamples } from './cycle-reading.ts';
import type { MainsHz } from './mains.ts';

/** Settings of a cycle analyser. */
export type CycleAnalyserSettings = {
  /** At least 32 samples per cycle; 2 kHz to 102.4 kHz are tested. */
  readonly sampleRateHz: number;
  readonly mainsHz: MainsHz;
  /** Points per resampled cycle: a power of two >= 128. Default 128: content up to harmonic 64 counts in the rms. */
  readonly samplesPerCycle?: number;
  /** Whether every block brings a residual current. Default false. */
  readonly residual?: boolean;
  /** Current rms below which power factor and distortion of the current are NaN. Default 0.02 A. */
  readonly currentNoiseFloorA?: number;
  /** Fundamental rms below which there is no voltage to lock to. Default 10 V. */
  readonly leastVoltageV?: number;
  /**
   * Whether readings are written anew for every cycle, and belong to the call only: for who keeps none, a cycle then
   * allocates nothing. Default false.
   */
  readonly reusesReading?: boolean;
};

/** Samples of the same instants, in SI units; all arrays equally long, of any length. */
export type SampleBlock = {
  readonly voltageV: Float64Array;
  readonly currentA: Float64Array;
  readonly residualCurrentMa?: Float64Array;
};

/**
 * Receives one cycle. `samples` are the points the reading was computed from; their arrays are shared by all
 * analysers: copy what must outlive the call. The reading is yours, unless the analyser was made with `reusesReading`.
 */
export type OnCycle = (reading: CycleReading, samples: CycleSamples) => void;

/** A stream of sample blocks in, one reading per mains cycle out. */
export type CycleAnalyser = {
  readonly samplesPerCycle: number;
  /** Takes the next block. Readings do not depend on where blocks are cut. */
  push(block: SampleBlock, onCycle: OnCycle): void;
  /** Ends the stream: yields the whole cycles that still waited for later samples. */
  flush(onCycle: OnCycle): void;
};

/**
 * Creates an analyser: phase lock on the voltage (createPhaseLock has its limits), each cycle resampled to a fixed
 * number of points (cycle-resampler.ts has the interpolation and its error), then rms, power and harmonics without a
 * window. Samples are held in single precision. Readings come two and a half cycles after the cycle ended.
 *
 * Circuits on one voltage cost less together: createBoardCycleAnalyser.
 *
 * Throws RangeError for bad settings, for blocks of unequal lengths and for a residual current that is missing or
 * unexpected.
 *
 * @example
 * const analyser = createCycleAnalyser({ sampleRateHz: 6400, mainsHz: 50 });
 * analyser.push({ voltageV, currentA }, (reading) => show(reading.activePowerW));
 * analyser.flush((reading) => show(reading.activePowerW));
 */
export function createCycleAnalyser(settings: CycleAnalyserSettings): CycleAnalyser {
  const { residual = false, ...shared } = settings;
  const board = createAnalyserNamed('CycleAnalyser', { ...shared, circuits: [{ residual }] });
  // Made once: a push then allocates nothing.
  const blocks: SampleBlock[] = [];
  const whole: { voltageV: Float64Array; readonly circuits: readonly SampleBlock[] } = {
    voltageV: new Float64Array(0),
    circuits: blocks,
  };
  let listener: OnCycle = () => undefined;
  const onCircuitCycle = (_circuit: number, reading: CycleReading, samples: CycleSamples): void =>
    listener(reading, samples);
  return {
    samplesPerCycle: board.samplesPerCycle,
    push(block, onCycle) {
      listener = onCycle;
      blocks[0] = block;
      whole.voltageV = block.voltageV;
      board.push(whole, onCircuitCycle);
    },
    flush(onCycle) {
      listener = onCycle;
      board.flush(onCircuitCycle);
    },
  };
}
