import { requireWithin } from '../../require-within.ts';
import { Stage, StageRig, STAGE_MAINS_HZ } from '../stage.ts';
import { nuisanceClass } from './nuisance-classes.ts';

export type NuisanceOptions = {
  /** 3200 … 51 200. */
  readonly sampleRateHz: number;
  /** Undisturbed before the event, ms; default 200. */
  readonly baselineMs?: number;
  /** Default 12.8 kHz, and at least twice the sample rate. */
  readonly stepRateHz?: number;
};

export type NuisanceEpisode = {
  readonly classId: string;
  readonly voltageV: Float64Array;
  readonly currentA: Float64Array;
  /** Instant of the event after the first frame, ms. */
  readonly eventAtMs: number;
  /** Half-cycles in which a spark of this circuit's own burned for more than 0.42 ms; never more than nine in a second. */
  readonly sparkHalfCycles: readonly number[];
};

/** Renders episodes by the thousand: filter and buffers are made once. */
export type NuisanceRenderer = {
  /** The arrays are views that the next call overwrites. Throws RangeError on an unknown class. */
  render(classId: string, seed: number): NuisanceEpisode;
};

const RATED_A = 16;

/**
 * @example
 * const renderer = createNuisanceRenderer({ sampleRateHz: 6400 });
 * for (let seed = 0; seed < 10_000; seed++) detector.push(renderer.render('plugInOut', seed));
 */
export function createNuisanceRenderer(options: NuisanceOptions): NuisanceRenderer {
  const { sampleRateHz, baselineMs = 200, stepRateHz = 12_800 } = options;
  requireWithin('nuisance: baselineMs', baselineMs, 0, 60_000);
  const rig = new StageRig({ sampleRateHz, stepRateHz });
  let voltageV = new Float64Array(0);
  let currentA = new Float64Array(0);
  return {
    render(classId, seed) {
      const entry = nuisanceClass(classId);
      const stage = new Stage(rig, `nuisance/${classId}`, seed);
      const eventAtMs = baselineMs + stage.stream('event').between(0, 20);
      entry.build(stage, [eventAtMs]);
      const run = stage.begin(RATED_A, entry.settlingMs);
      const frames = Math.round(((baselineMs + entry.afterMs) * sampleRateHz) / 1000);
      if (voltageV.length < frames) {
        voltageV = new Float64Array(frames);
        currentA = new Float64Array(frames);
      }
      const wave = { voltageV: voltageV.subarray(0, frames), currentA: currentA.subarray(0, frames) };
      run.read(wave.voltageV, wave.currentA);
      const halfCycles = Math.floor((frames * 2 * STAGE_MAINS_HZ) / sampleRateHz);
      return { classId, ...wave, eventAtMs, sparkHalfCycles: run.witness.arcHalfCycles(halfCycles) };
    },
  };
}

/** One episode with arrays of its own. */
export function renderNuisanceEpisode(classId: string, seed: number, options: NuisanceOptions): NuisanceEpisode {
  return createNuisanceRenderer(options).render(classId, seed);
}
