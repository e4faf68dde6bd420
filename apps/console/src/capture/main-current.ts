import { rms } from '@fengsui/signal';
import { prefixOfPoint } from '../alarm/alarm-quantity.ts';
import type { CaptureChannel, CaptureRecord } from './capture-record.ts';

/**
 * The current a capture is about. A terminal records all its circuits: the one of `wantedPoint` (an alarm names it or its
 * prefix) if it is there, else the one whose rms changed most at the trigger, else the first. Undefined without a current.
 */
export function mainCurrent(record: CaptureRecord, wantedPoint?: string): CaptureChannel | undefined {
  const currents = record.channels.filter(({ kind }) => kind === 'current');
  const wanted =
    wantedPoint === undefined
      ? undefined
      : currents.find(({ point }) => prefixOfPoint(point) === prefixOfPoint(wantedPoint));
  if (wanted || currents.length < 2) return wanted ?? currents[0];
  const { triggerFrame, frames } = record;
  if (triggerFrame === undefined || triggerFrame < 1 || triggerFrame >= frames) return currents[0];
  const step = ({ values }: CaptureChannel): number => {
    const change = Math.abs(rms(values, triggerFrame, frames) - rms(values, 0, triggerFrame));
    return Number.isNaN(change) ? -1 : change;
  };
  return currents.reduce((best, channel) => (step(channel) > step(best) ? channel : best));
}
