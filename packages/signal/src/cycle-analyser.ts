import { checkPositive } from './argument-checks.ts';
import { createReadingAllocator, MeasuredCycle } from './cycle-reading.ts';
import type { CycleReading, CycleSamples } from './cycle-reading.ts';
import { createCycleResampler } from './cycle-resampler.ts';
import type { Signals } from './cycle-resampler.ts';
import { createCycleTracker } from './cycle-tracker.ts';
import { PHASOR_COUNT } from './harmonic-phasors.ts';
import { nominalFramesPerCycle } from './mains.ts';
import type { MainsHz } from './mains.ts';
import { createPairHarmonics } from './pair-harmonics.ts';
import { DEFAULT_LEAST_VOLTAGE_V } from './phase-lock.ts';
import { createSampleWindow } from './sample-window.ts';

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
  /** Whether one reading is written anew for every cycle: for who keeps none, a cycle then allocates nothing. Default false. */
  readonly reusesReading?: boolean;
};

/** Samples of the same instants, in SI units; all arrays equally long, of any length. */
export type SampleBlock = {
  readonly voltageV: Float64Array;
  readonly currentA: Float64Array;
  readonly residualCurrentMa?: Float64Array;
};

/**
 * Receives one cycle. `samples` are the points the reading was computed from; their arrays are reused for the next
 * cycle: copy what must outlive the call. The reading is yours, unless the analyser was made with `reusesReading`.
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

/** Length of the window in what the tracker may look at: more is moved less often, and holds more memory. */
const WINDOW_REACH = 1.25;

/**
 * Creates an analyser: phase lock on the voltage (createPhaseLock has its limits), each cycle resampled to a fixed
 * number of points (cycle-resampler.ts has the interpolation and its error), then rms, power and harmonics without a
 * window. Samples are held in single precision. Readings come two and a half cycles after the cycle ended.
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
  const { sampleRateHz, samplesPerCycle = 128, residual = false } = settings;
  const leastVoltageV = settings.leastVoltageV ?? DEFAULT_LEAST_VOLTAGE_V;
  const currentNoiseFloorA = settings.currentNoiseFloorA ?? 0.02;
  checkPositive('createCycleAnalyser', 'leastVoltageV', leastVoltageV);
  checkPositive('createCycleAnalyser', 'currentNoiseFloorA', currentNoiseFloorA);
  const framesPerCycle = nominalFramesPerCycle('createCycleAnalyser', sampleRateHz, settings.mainsHz);
  const plan = createPairHarmonics(samplesPerCycle);
  const resampler = createCycleResampler(framesPerCycle, samplesPerCycle);
  const tracker = createCycleTracker(framesPerCycle, leastVoltageV);
  const channelCount = residual ? 3 : 2;
  const window = createSampleWindow(
    channelCount,
    Math.ceil(WINDOW_REACH * tracker.reachFrames),
    resampler.marginFrames + 1,
  );
  const [voltageV, currentA, residualCurrentMa] = window.channels;
  if (voltageV === undefined || currentA === undefined) throw new Error('a window of voltage and current has both');
  const points = (): Float64Array => new Float64Array(samplesPerCycle);
  const third = residualCurrentMa === undefined ? {} : { third: residualCurrentMa };
  const input: Signals<Float32Array> = { first: voltageV, second: currentA, ...third };
  const output: Signals<Float64Array> = { first: points(), second: points(), ...(residual && { third: points() }) };
  const samples: CycleSamples = {
    voltageV: output.first,
    currentA: output.second,
    ...(output.third !== undefined && { residualCurrentMa: output.third }),
  };
  const allocate = createReadingAllocator();
  const reused = settings.reusesReading === true ? new MeasuredCycle(new Float64Array(PHASOR_COUNT)) : undefined;
  const context = {
    startFrame: NaN,
    frameCount: NaN,
    locked: false,
    sampleRateHz,
    currentNoiseFloorA,
    leastVoltageV,
  };
  const sources: Float64Array[] = [];
  let flushed = false;

  const drain = (ended: boolean, onCycle: OnCycle): void => {
    while (tracker.next(window, ended)) {
      const { startFrame, startFraction, frameCount, locked } = tracker.span;
      resampler.resample(input, startFrame - window.firstFrame(), startFraction, frameCount, output);
      context.startFrame = startFrame + startFraction;
      context.frameCount = frameCount;
      context.locked = locked;
      const reading = reused ?? allocate();
      reading.measure(samples, context, plan);
      onCycle(reading, samples);
    }
  };

  return {
    samplesPerCycle,
    push(block, onCycle) {
      if (flushed) throw new Error('cycleAnalyser.push: the stream was flushed; create a new analyser for a new one');
      takeSources(block, residual, sources);
      const length = block.voltageV.length;
      for (let from = 0; from < length;) {
        if (window.room() === 0) window.discardBefore(tracker.neededFrom() - resampler.marginFrames - 1);
        const count = Math.min(window.room(), length - from);
        window.append(sources, from, count);
        from += count;
        drain(false, onCycle);
      }
    },
    flush(onCycle) {
      if (flushed) return;
      flushed = true;
      window.discardBefore(tracker.neededFrom() - resampler.marginFrames - 1);
      window.fillAfterEnd(tracker.periodFrames());
      drain(true, onCycle);
    },
  };
}

/** The block's channels, in `sources`; checked. */
function takeSources(
  { voltageV, currentA, residualCurrentMa }: SampleBlock,
  residual: boolean,
  sources: Float64Array[],
) {
  if (residual !== (residualCurrentMa !== undefined)) {
    throw new RangeError(
      residual
        ? 'cycleAnalyser.push: the block has no residualCurrentMa; the analyser was created with residual: true'
        : 'cycleAnalyser.push: the block has a residualCurrentMa; create the analyser with residual: true',
    );
  }
  sources[0] = voltageV;
  sources[1] = currentA;
  if (residualCurrentMa !== undefined) sources[2] = residualCurrentMa;
  const { length } = voltageV;
  if (currentA.length !== length || (residualCurrentMa ?? currentA).length !== length) {
    throw new RangeError(
      `cycleAnalyser.push: ${sources.map((source) => source.length).join(', ')} samples of voltage, current` +
        `${residual ? ', residual current' : ''}; expected equally many`,
    );
  }
}
