import { crestFactor, mean, peak, rms } from '@fengsui/signal';
import type { CaptureChannel, CaptureRecord } from './capture-record.ts';
import { sliceBetween, type Cursors } from './cursor.ts';

/** What the table of the capture page says of one channel, in the channel's unit; NaN = not known. */
export type ChannelMeasures = {
  readonly atA: number;
  readonly atB: number;
  readonly delta: number;
  readonly rms: number;
  readonly peak: number;
  readonly crestFactor: number;
  readonly mean: number;
  /** Over the whole recording. */
  readonly wholeRms: number;
};

/** Values at the cursors and over the slice between them. A NaN sample in the slice makes its figures NaN. */
export function measureChannel(channel: CaptureChannel, cursors: Cursors): ChannelMeasures {
  const { values } = channel;
  const { from, to } = sliceBetween(cursors);
  const atA = values[cursors.a] ?? Number.NaN;
  const atB = values[cursors.b] ?? Number.NaN;
  return {
    atA,
    atB,
    delta: atB - atA,
    rms: rms(values, from, to),
    peak: peak(values, from, to),
    crestFactor: crestFactor(values, from, to),
    mean: mean(values, from, to),
    wholeRms: rms(values),
  };
}

/** Time from A to B in ms and the frequency of which that is one period; Infinity when both stand on one sample. */
export function timeBetween(record: CaptureRecord, { a, b }: Cursors): { readonly ms: number; readonly hz: number } {
  const ms = ((b - a) / record.sampleRateHz) * 1000;
  return { ms, hz: 1000 / Math.abs(ms) };
}
