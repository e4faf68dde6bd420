import { checkPositive } from './argument-checks.ts';
import { createReadingAllocator } from './cycle-reading.ts';
import type { CycleReading, CycleSamples } from './cycle-reading.ts';
import { createCycleResampler } from './cycle-resampler.ts';
import { createCycleTracker } from './cycle-tracker.ts';
import { giveWorkspace, takeWorkspace } from './cycle-workspace.ts';
import type { CycleWorkspace } from './cycle-workspace.ts';
import { nominalFramesPerCycle } from './mains.ts';
import type { MainsHz } from './mains.ts';
import { DEFAULT_LEAST_VOLTAGE_V } from './phase-lock.ts';
import { rms } from './rms.ts';
import { createSampleWindow } from './sample-window.ts';

/** Settings of the analyser of a board. */
export type BoardCycleAnalyserSettings = {
  /** At least 32 samples per cycle; 2 kHz to 102.4 kHz are tested. */
  readonly sampleRateHz: number;
  readonly mainsHz: MainsHz;
  /** The circuits on the one voltage, at least one. `residual`: every block brings a residual current. Default false. */
  readonly circuits: readonly { readonly residual?: boolean }[];
  /** Points per resampled cycle: a power of two >= 128. Default 128: content up to harmonic 64 counts in the rms. */
  readonly samplesPerCycle?: number;
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

/** Samples of the same instants, in SI units; all arrays equally long, of any length; circuits as in the settings. */
export type BoardSampleBlock = {
  readonly voltageV: Float64Array;
  readonly circuits: readonly { readonly currentA: Float64Array; readonly residualCurrentMa?: Float64Array }[];
};

/**
 * Receives one cycle of one circuit, by its index. `samples` are the points the reading was computed from; their arrays
 * are shared by all analysers: copy what must outlive the call. The reading is yours, unless the analyser was made with
 * `reusesReading`.
 */
export type OnCircuitCycle = (circuit: number, reading: CycleReading, samples: CycleSamples) => void;

/** A stream of sample blocks in, one reading per mains cycle and circuit out. */
export type BoardCycleAnalyser = {
  readonly samplesPerCycle: number;
  /** Takes the next block. Readings do not depend on where blocks are cut. */
  push(block: BoardSampleBlock, onCycle: OnCircuitCycle): void;
  /** Ends the stream: yields the whole cycles that still waited for later samples. */
  flush(onCycle: OnCircuitCycle): void;
};

/**
 * Creates the analyser of circuits on one voltage: phase lock on it (createPhaseLock has its limits), each cycle
 * resampled to a fixed number of points (cycle-resampler.ts has the interpolation and its error), then rms, power and
 * harmonics without a window. The voltage is locked to, resampled and transformed once for all circuits. Samples are
 * held in single precision. Readings come two and a half cycles after the cycle ended, circuit by circuit.
 *
 * A circuit reads the same as by itself but for the rounding of the transform it shares with another (1e-15 of the
 * larger one). State: one window of single-precision samples per channel, 3.9 KB at 6.4 kHz and 50 Hz.
 *
 * Throws RangeError for bad settings, for blocks of unequal lengths or of another number of circuits, and for a residual
 * current that is missing or unexpected.
 *
 * @example
 * const analyser = createBoardCycleAnalyser({ sampleRateHz: 6400, mainsHz: 50, circuits: [{}, {}] });
 * analyser.push({ voltageV, circuits }, (circuit, reading) => show(circuit, reading.activePowerW));
 */
export function createBoardCycleAnalyser(settings: BoardCycleAnalyserSettings): BoardCycleAnalyser {
  return createAnalyserNamed('BoardCycleAnalyser', settings);
}

/** The same under the name that errors are to carry. */
export function createAnalyserNamed(
  name: 'BoardCycleAnalyser' | 'CycleAnalyser',
  settings: BoardCycleAnalyserSettings,
): BoardCycleAnalyser {
  const { sampleRateHz, samplesPerCycle = 128, circuits } = settings;
  const leastVoltageV = settings.leastVoltageV ?? DEFAULT_LEAST_VOLTAGE_V;
  const currentNoiseFloorA = settings.currentNoiseFloorA ?? 0.02;
  checkPositive(`create${name}`, 'leastVoltageV', leastVoltageV);
  checkPositive(`create${name}`, 'currentNoiseFloorA', currentNoiseFloorA);
  if (circuits.length === 0) throw new RangeError(`create${name}: circuits is empty; expected at least one`);
  const caller = `${name.charAt(0).toLowerCase()}${name.slice(1)}.push`;
  const framesPerCycle = nominalFramesPerCycle(`create${name}`, sampleRateHz, settings.mainsHz);
  const residual = circuits.map((circuit) => circuit.residual === true);
  // Channel of each circuit's current; its residual current is the next one.
  const channels = circuits.map((_, circuit) => 1 + circuit + residual.slice(0, circuit).filter(Boolean).length);
  const channelCount = 1 + circuits.length + residual.filter(Boolean).length;
  // Also refuses points that cannot be transformed, before the first cycle comes.
  giveWorkspace(takeWorkspace(samplesPerCycle, channelCount));
  const resampler = createCycleResampler(framesPerCycle, samplesPerCycle);
  const tracker = createCycleTracker(framesPerCycle, leastVoltageV);
  const window = createSampleWindow(channelCount, tracker.reachFrames, resampler.marginFrames + 1);
  const allocate = settings.reusesReading === true ? undefined : createReadingAllocator();
  const context = { startFrame: NaN, frameCount: NaN, sampleRateHz, currentNoiseFloorA };
  const sources: Float64Array[] = [];
  let flushed = false;

  const tell = (
    { points, voltage, waves, plain, withResidual }: CycleWorkspace,
    circuit: number,
    wave: 0 | 1,
    cos: Float64Array,
    sin: Float64Array,
    onCycle: OnCircuitCycle,
  ): void => {
    const hasResidual = residual[circuit] === true;
    const channel = channels[circuit] as number;
    const { reading: reused, samples } = hasResidual ? withResidual : plain;
    const reading = allocate?.() ?? reused;
    reading.take(context, voltage, waves[wave], cos, sin);
    samples.voltageV = points[0] as Float64Array;
    samples.currentA = points[channel] as Float64Array;
    if (hasResidual) {
      samples.residualCurrentMa = points[channel + 1] as Float64Array;
      reading.residualCurrentMa = rms(samples.residualCurrentMa);
    }
    onCycle(circuit, reading, samples);
  };

  /** Measures the wave of a circuit's current; returns the points to transform. */
  const waveOf = ({ points, waves, zeros }: CycleWorkspace, circuit: number, wave: 0 | 1): Float64Array => {
    if (circuit >= circuits.length) return zeros;
    const currentA = points[channels[circuit] as number] as Float64Array;
    waves[wave].measure(currentA, points[0] as Float64Array);
    // Two signals share one transform, so a NaN in this current would reach the other one: leave such a current out.
    return waves[wave].rms < Infinity ? currentA : zeros;
  };

  const measure = (workspace: CycleWorkspace, isLocked: boolean, onCycle: OnCircuitCycle): void => {
    const { points, plan, voltage } = workspace;
    const { firstCos, firstSin, secondCos, secondSin } = plan;
    const voltageV = points[0] as Float64Array;
    voltage.measureWave(voltageV);
    const firstCurrentA = waveOf(workspace, 0, 1);
    if (isLocked) {
      plan.analyse(voltageV, firstCurrentA);
      voltage.lock(firstCos, firstSin, context.frameCount, leastVoltageV);
    } else voltage.unlock();
    tell(workspace, 0, 1, secondCos, secondSin, onCycle);
    for (let circuit = 1; circuit < circuits.length; circuit += 2) {
      const oneA = waveOf(workspace, circuit, 0);
      const otherA = waveOf(workspace, circuit + 1, 1);
      if (voltage.locked) plan.analyse(oneA, otherA);
      tell(workspace, circuit, 0, firstCos, firstSin, onCycle);
      if (circuit + 1 < circuits.length) tell(workspace, circuit + 1, 1, secondCos, secondSin, onCycle);
    }
  };

  const drain = (ended: boolean, onCycle: OnCircuitCycle): void => {
    while (tracker.next(window, ended)) {
      const { startFrame, startFraction, frameCount, locked } = tracker.span;
      const workspace = takeWorkspace(samplesPerCycle, channelCount);
      try {
        const startIndex = startFrame - window.firstFrame();
        resampler.resample(window.channels, startIndex, startFraction, frameCount, workspace.points);
        context.startFrame = startFrame + startFraction;
        context.frameCount = frameCount;
        measure(workspace, locked, onCycle);
      } finally {
        giveWorkspace(workspace);
      }
    }
  };

  const takeSources = (block: BoardSampleBlock): void => {
    if (block.circuits.length !== circuits.length) {
      throw new RangeError(`${caller}: ${block.circuits.length} circuits; expected ${circuits.length}`);
    }
    let channel = 0;
    sources[channel++] = block.voltageV;
    for (let circuit = 0; circuit < circuits.length; circuit++) {
      const { currentA, residualCurrentMa } = block.circuits[circuit] as BoardSampleBlock['circuits'][number];
      sources[channel++] = currentA;
      if (residual[circuit] !== (residualCurrentMa !== undefined)) {
        throw new RangeError(
          residual[circuit] === true
            ? `${caller}: the block has no residualCurrentMa; the analyser was created with residual: true`
            : `${caller}: the block has a residualCurrentMa; create the analyser with residual: true`,
        );
      }
      if (residualCurrentMa !== undefined) sources[channel++] = residualCurrentMa;
    }
    const { length } = block.voltageV;
    for (let index = 1; index < channelCount; index++) {
      if (sources[index]?.length === length) continue;
      throw new RangeError(
        `${caller}: ${sources.map((source) => source.length).join(', ')} samples of voltage, currents ` +
          'and residual currents; expected equally many',
      );
    }
  };

  return {
    samplesPerCycle,
    push(block, onCycle) {
      if (flushed) throw new Error(`${caller}: the stream was flushed; create a new analyser for a new one`);
      takeSources(block);
      const { length } = block.voltageV;
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
