import { createCycleTracker } from './cycle-tracker.ts';
import { nominalFramesPerCycle } from './mains.ts';
import type { MainsHz } from './mains.ts';
import { createSampleWindow } from './sample-window.ts';

/** One cycle found by the phase lock. */
export type MainsCycle = {
  /** First frame, from the first pushed frame; fractional. */
  readonly startFrame: number;
  /** Length in frames; fractional. */
  readonly frameCount: number;
  /** Sampling rate over length; NaN when not locked. */
  readonly frequencyHz: number;
  /** Whether the cycle begins and ends at rising zero phases of the fundamental. */
  readonly locked: boolean;
};

/** Settings of the phase lock. */
export type PhaseLockSettings = {
  readonly sampleRateHz: number;
  readonly mainsHz: MainsHz;
  /** Fundamental rms below which there is no voltage. Default 10 V. */
  readonly leastVoltageV?: number;
};

/** A stream of voltage samples in, mains cycles out. */
export type PhaseLock = {
  /** Takes the next samples, of any number; calls back once per decided cycle, in order, without gap or overlap. */
  push(voltageV: Float64Array, onCycle: (cycle: MainsCycle) => void): void;
  /** Ends the stream: yields the whole cycles that waited for later samples. */
  flush(onCycle: (cycle: MainsCycle) => void): void;
};

/** Default for the rms below which a channel carries no mains voltage. */
export const DEFAULT_LEAST_VOLTAGE_V = 10;

/**
 * Locks to the phase of the voltage's fundamental: cycle-tracker.ts says how, and what happens without voltage.
 *
 * Holds from 0.83 to 1.17 of nominal frequency, with 20 dB of noise, 15 % distortion, dc offset, sags to 30 % and
 * 1 Hz/s of drift. A cycle is decided two and a half cycles after its end (seven cycles after the start of the stream).
 * A NaN or infinite sample costs the lock for the five cycles around it, and nothing after.
 * Throws RangeError for a sampling rate below 32 samples per cycle.
 *
 * @example createPhaseLock({ sampleRateHz: 6400, mainsHz: 50 }).push(voltageV, (cycle) => list.push(cycle))
 */
export function createPhaseLock(settings: PhaseLockSettings): PhaseLock {
  const framesPerCycle = nominalFramesPerCycle('createPhaseLock', settings.sampleRateHz, settings.mainsHz);
  const tracker = createCycleTracker(framesPerCycle, settings.leastVoltageV ?? DEFAULT_LEAST_VOLTAGE_V);
  const window = createSampleWindow(1, tracker.reachFrames, 1);

  const drain = (ended: boolean, onCycle: (cycle: MainsCycle) => void): void => {
    while (tracker.next(window, ended)) {
      const { startFrame, startFraction, frameCount, locked } = tracker.span;
      const frequencyHz = locked ? settings.sampleRateHz / frameCount : NaN;
      onCycle({ startFrame: startFrame + startFraction, frameCount, frequencyHz, locked });
    }
  };
  let flushed = false;

  return {
    push(voltageV, onCycle) {
      if (flushed) throw new Error('phaseLock.push: the stream was flushed; create a new lock for a new stream');
      const sources = [voltageV];
      for (let from = 0; from < voltageV.length;) {
        if (window.room() === 0) window.discardBefore(tracker.neededFrom());
        const count = Math.min(window.room(), voltageV.length - from);
        window.append(sources, from, count);
        from += count;
        drain(false, onCycle);
      }
    },
    flush(onCycle) {
      flushed = true;
      drain(true, onCycle);
    },
  };
}
