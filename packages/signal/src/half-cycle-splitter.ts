import { checkPositive, checkWhole } from './argument-checks.ts';
import { createHalfCycleResampler } from './half-cycle-resampler.ts';
import { createHalfCyclePhase } from './half-cycle-phase.ts';
import { nominalFramesPerCycle } from './mains.ts';
import type { MainsHz } from './mains.ts';
import { DEFAULT_LEAST_VOLTAGE_V } from './phase-lock.ts';
import { createSampleWindow } from './sample-window.ts';

/** Settings of the splitter. */
export type HalfCycleSplitterSettings = {
  /** At least 32 samples per cycle; 6.4 to 102.4 kHz are tested. */
  readonly sampleRateHz: number;
  readonly mainsHz: MainsHz;
  /** Points per half-cycle, 16 or more. Default 64: 156 µs at 50 Hz. */
  readonly pointsPerHalfCycle?: number;
  /**
   * Where a half-cycle begins, in parts of a half-cycle before the voltage's zero, 0 to 0.5. Default 0.125: what happens
   * around the zero of a current in phase (an arc that goes out early and strikes late) then lies within one half-cycle.
   */
  readonly leadRatio?: number;
  /** Fundamental rms below which there is no voltage to lock to. Default 10 V. */
  readonly leastVoltageV?: number;
};

/** One half-cycle. The record and its arrays are reused for the next one: copy what must outlive the call. */
export type HalfCycle = {
  /** First frame from the first pushed frame, fractional. */
  startFrame: number;
  /** Length in frames, fractional. */
  frameCount: number;
  /** Sign of the voltage's fundamental after its zero in this half-cycle. */
  polarity: 1 | -1;
  /** False where there was no mains voltage to predict from: half-cycles of the last known length. */
  locked: boolean;
  /** Points at startFrame + n·frameCount / points, V and A. */
  readonly voltageV: Float64Array;
  readonly currentA: Float64Array;
  /**
   * Root mean square of the current's second difference over raw samples, A: what moves within two samples. The band it
   * sees is the upper half of what the sampling rate allows, so it compares only with itself.
   */
  fastCurrentA: number;
};

/** Sample blocks in, half-cycles out with little delay. */
export type HalfCycleSplitter = {
  readonly pointsPerHalfCycle: number;
  /** Frames between the end of a half-cycle and the frame that completes it. */
  readonly delayFrames: number;
  /** Takes frames of any number; both arrays equally long. Half-cycles do not depend on where blocks are cut. */
  push(
    block: { readonly voltageV: Float64Array; readonly currentA: Float64Array },
    onHalfCycle: (half: HalfCycle) => void,
  ): void;
};

/**
 * Creates the splitter. The phase lock of the cycle analyser looks two and a half cycles ahead; an arc must be answered
 * within twelve half-cycles (IEC 62606 Table 1), so here the next zero is *predicted* from the fundamental of the two
 * cycles before it and each half-cycle is given as soon as its last point can be interpolated (0.5 ms at 6.4 kHz).
 *
 * The first half-cycle starts three cycles after the first frame. A NaN in the voltage or the current makes the
 * half-cycles it touches NaN and unlocked.
 * Throws RangeError for bad settings and for blocks of unequal lengths.
 *
 * @example createHalfCycleSplitter({ sampleRateHz: 6400, mainsHz: 50 }).push(block, (half) => look(half.currentA))
 */
export function createHalfCycleSplitter(settings: HalfCycleSplitterSettings): HalfCycleSplitter {
  const caller = 'createHalfCycleSplitter';
  const { pointsPerHalfCycle = 64, leadRatio = 0.125, leastVoltageV = DEFAULT_LEAST_VOLTAGE_V } = settings;
  const framesPerCycle = nominalFramesPerCycle(caller, settings.sampleRateHz, settings.mainsHz);
  checkWhole(caller, 'pointsPerHalfCycle', pointsPerHalfCycle, 16);
  checkPositive(caller, 'leastVoltageV', leastVoltageV);
  if (!(leadRatio >= 0 && leadRatio <= 0.5)) {
    throw new RangeError(`${caller}: leadRatio is ${leadRatio}; expected 0 to 0.5`);
  }
  const phase = createHalfCyclePhase(framesPerCycle, leastVoltageV);
  const resampler = createHalfCycleResampler(framesPerCycle / 2, pointsPerHalfCycle);
  const margin = Math.max(phase.reachFrames, resampler.reachFrames) + Math.ceil(0.75 * framesPerCycle) + 4;
  // Room for a half-cycle ahead and some to spare: more would only be moved less often.
  const capacity = margin + Math.ceil(1.25 * framesPerCycle);
  const window = createSampleWindow(2, capacity, resampler.reachFrames + 2);
  const voltage = window.channels[0] as Float32Array;
  const current = window.channels[1] as Float32Array;
  const input = { voltageV: voltage, currentA: current };
  const half: HalfCycle = {
    startFrame: 0,
    frameCount: framesPerCycle / 2,
    polarity: 1,
    locked: false,
    voltageV: new Float64Array(pointsPerHalfCycle),
    currentA: new Float64Array(pointsPerHalfCycle),
    fastCurrentA: 0,
  };
  const sources: Float64Array[] = [half.voltageV, half.currentA];
  // Frame (whole and fraction apart, so that long streams stay exact) of the zero that the next half-cycle leads.
  let zeroWhole = phase.reachFrames + Math.ceil(framesPerCycle / 2);
  let zeroFraction = 0;
  let started = false;

  const endFrames = (): number =>
    zeroFraction +
    (1 - leadRatio) * phase.halfPeriodFrames() +
    resampler.reachFrames +
    1 -
    window.endFrame() +
    zeroWhole;

  const emit = (onHalfCycle: (half: HalfCycle) => void): void => {
    const frameCount = phase.halfPeriodFrames();
    const lead = leadRatio * frameCount;
    const index = zeroWhole - window.firstFrame();
    resampler.resample(input, index, zeroFraction - lead, frameCount, half);
    half.fastCurrentA = fastRms(current, index + Math.round(zeroFraction - lead), Math.round(frameCount));
    half.startFrame = zeroWhole + zeroFraction - lead;
    half.frameCount = frameCount;
    half.polarity = phase.polarity();
    half.locked = phase.isLocked() && Number.isFinite(half.fastCurrentA);
    onHalfCycle(half);
    moveBy(frameCount);
    phase.advance();
    align();
  };

  const moveBy = (frames: number): void => {
    const carry = Math.floor(zeroFraction + frames);
    zeroFraction += frames - carry;
    zeroWhole += carry;
  };

  /** Corrects the next zero by the two cycles before the half-cycle that leads it: what comes later is not there yet. */
  const align = (): void => {
    const index = zeroWhole - window.firstFrame();
    const end = index - Math.ceil(leadRatio * phase.halfPeriodFrames());
    moveBy(phase.correct(voltage, index, zeroFraction, end));
  };

  return {
    pointsPerHalfCycle,
    delayFrames: resampler.reachFrames + 1,
    push(block, onHalfCycle) {
      const { voltageV, currentA } = block;
      if (voltageV.length !== currentA.length) {
        throw new RangeError(
          `halfCycleSplitter.push: ${voltageV.length}, ${currentA.length} samples of voltage, current; expected equally many`,
        );
      }
      sources[0] = voltageV;
      sources[1] = currentA;
      for (let from = 0; from < voltageV.length;) {
        if (window.room() === 0) window.discardBefore(zeroWhole - margin);
        const count = Math.min(window.room(), voltageV.length - from);
        window.append(sources, from, count);
        from += count;
        if (!started) {
          if (window.endFrame() < zeroWhole) continue;
          started = true;
          align();
        }
        while (endFrames() <= 0) emit(onHalfCycle);
      }
    },
  };
}

function fastRms(samples: Float32Array, from: number, count: number): number {
  let sum = 0;
  let before = samples[from - 1] as number;
  let here = samples[from] as number;
  for (let index = from + 1; index <= from + count; index++) {
    const after = samples[index] as number;
    const bend = after - 2 * here + before;
    sum += bend * bend;
    before = here;
    here = after;
  }
  return Math.sqrt(sum / count);
}
