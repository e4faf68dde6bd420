import type { CaptureSamples } from '@fengsui/protocol';
import { quantityOfPoint } from '../alarm/alarm-quantity.ts';

/** What a channel measures; decides its pane and what is computed from it. */
export type ChannelKind = 'voltage' | 'current' | 'residual' | 'other';

export type CaptureChannel = {
  readonly point: string;
  readonly unit: string;
  readonly kind: ChannelKind;
  /** In `unit`; NaN where the recording has no value. */
  readonly values: Float64Array;
};

/** A capture ready to draw and to measure: all channels equally long, time from the trigger. */
export type CaptureRecord = {
  readonly sampleRateHz: number;
  readonly mainsHz: number;
  /** The recording did not say its mains frequency; 50 Hz is assumed and said so. */
  readonly isMainsAssumed: boolean;
  readonly triggerFrame: number | undefined;
  readonly frames: number;
  readonly samplesPerCycle: number;
  readonly channels: readonly CaptureChannel[];
};

const assumedMainsHz = 50;

/**
 * Prepares the samples of the API. Channels of unequal length are filled with NaN to the longest: the drawing then shows
 * the missing end instead of stretching it. Throws RangeError when there is no usable sample rate or no channel.
 */
export function captureRecordOf(samples: CaptureSamples): CaptureRecord {
  const { sampleRateHz, mainsHz, triggerFrame } = samples;
  if (!(sampleRateHz > 0)) throw new RangeError(`sampleRateHz is ${sampleRateHz}; expected a number above 0`);
  if (samples.channels.length === 0) throw new RangeError('channels is empty; expected at least one');
  const frames = Math.max(...samples.channels.map(({ values }) => values.length));
  const isMainsAssumed = !(mainsHz !== undefined && mainsHz > 0);
  const usedMainsHz = isMainsAssumed ? assumedMainsHz : mainsHz;
  return {
    sampleRateHz,
    mainsHz: usedMainsHz,
    isMainsAssumed,
    triggerFrame,
    frames,
    samplesPerCycle: sampleRateHz / usedMainsHz,
    channels: samples.channels.map(({ point, unit, values }) => ({
      point,
      unit,
      kind: channelKind(point, unit),
      values: filled(values, frames),
    })),
  };
}

/** Milliseconds of a frame, 0 at the trigger (at the first frame when there is none). */
export function frameToMs(record: CaptureRecord, frame: number): number {
  return ((frame - (record.triggerFrame ?? 0)) / record.sampleRateHz) * 1000;
}

/** The frame nearest to a time of {@link frameToMs}, inside the recording. */
export function msToFrame(record: CaptureRecord, ms: number): number {
  const frame = Math.round((ms * record.sampleRateHz) / 1000) + (record.triggerFrame ?? 0);
  return Math.min(record.frames - 1, Math.max(0, frame));
}

/** By the quantity of the point; a channel of another model by its unit. */
function channelKind(point: string, unit: string): ChannelKind {
  const quantity = (quantityOfPoint(point) ?? point).toLowerCase();
  if (quantity.startsWith('residual') || unit === 'mA') return 'residual';
  if (quantity.startsWith('voltage') || unit === 'V') return 'voltage';
  if (quantity.startsWith('current') || unit === 'A') return 'current';
  return 'other';
}

function filled(values: readonly number[], frames: number): Float64Array {
  const array = new Float64Array(frames).fill(Number.NaN);
  for (let i = 0; i < values.length; i++) array[i] = values[i] ?? Number.NaN;
  return array;
}
