import { harmonicsOfCycle, trajectory, type CycleHarmonics, type Trajectory } from '@fengsui/signal';
import type { CaptureChannel, CaptureRecord } from './capture-record.ts';

/** A cycle of the recording; start and length may be fractional. */
export type CyclePlace = { readonly startFrame: number; readonly frameCount: number };

/** Fewer frames than this carry no harmonics worth showing (limit of `harmonicsOfCycle`). */
export const leastFramesPerCycle = 32;

/**
 * The cycle from `frame` forward; near the end the last whole one. Its length follows the voltage's own frequency, found
 * from how far the phase of the fundamental moves within one nominal cycle: at 49.5 Hz a nominal window would show
 * harmonics that are not there. Without a voltage the nominal length stands. Undefined when the recording is too short
 * or too coarse for a cycle.
 */
export function cycleUnder(record: CaptureRecord, frame: number): CyclePlace | undefined {
  const nominal = record.samplesPerCycle;
  if (nominal < leastFramesPerCycle || record.frames < nominal) return undefined;
  const voltage = record.channels.find(({ kind }) => kind === 'voltage');
  const frameCount = voltage ? (lengthByPhase(voltage.values, frame, nominal) ?? nominal) : nominal;
  if (record.frames < frameCount) return undefined;
  return { startFrame: Math.min(frame, record.frames - frameCount), frameCount };
}

/** Harmonics 0..40 of one channel over the cycle; undefined when a sample of it is missing. */
export function channelHarmonics(channel: CaptureChannel, place: CyclePlace): CycleHarmonics | undefined {
  const harmonics = harmonicsOfCycle(channel.values, place);
  return Number.isNaN(harmonics.rms[1] ?? Number.NaN) ? undefined : harmonics;
}

/** The V-I trajectory of the cycle: first voltage against `current`; undefined when a part is missing. */
export function cycleTrajectory(
  record: CaptureRecord,
  current: CaptureChannel,
  place: CyclePlace,
): Trajectory | undefined {
  const voltage = record.channels.find(({ kind }) => kind === 'voltage');
  if (!voltage) return undefined;
  const from = Math.round(place.startFrame);
  const to = Math.min(record.frames, from + Math.round(place.frameCount));
  const path = trajectory(voltage.values.slice(from, to), current.values.slice(from, to));
  return Number.isNaN(path.voltagePeakV) || Number.isNaN(path.currentPeakA) ? undefined : path;
}

/** Phase step of the fundamental over one nominal cycle → true length; undefined when it cannot be told. */
function lengthByPhase(values: Float64Array, frame: number, nominal: number): number | undefined {
  const first = Math.min(Math.max(0, frame), values.length - 2 * nominal);
  if (first < 0) return undefined;
  const phaseAt = (startFrame: number): number =>
    harmonicsOfCycle(values, { startFrame, frameCount: nominal }).phaseRad[1] ?? Number.NaN;
  const step = phaseAt(first + nominal) - phaseAt(first);
  const wrapped = step - 2 * Math.PI * Math.round(step / (2 * Math.PI));
  const length = nominal / (1 + wrapped / (2 * Math.PI));
  // Beyond ± 10 % it is not the mains that moved but the voltage that failed.
  return Math.abs(length / nominal - 1) < 0.1 ? length : undefined;
}
