import { prefixOfPoint, quantityOfPoint } from '../alarm/alarm-quantity.ts';
import type { CaptureRecord } from './capture-record.ts';

/**
 * A capture as the waveform CSV of design.md 5.5, which the terminal replays: line 1 `# sampleRateHz=… mainsHz=…`, line 2
 * column names, then one row per frame. Columns carry the quantity alone (`currentA`) when one circuit was recorded, the
 * whole point (`c1.currentA`) otherwise. An unknown sample is an empty cell. An assumed mains frequency is not written.
 *
 * @param calibration in one word (`calibrationWord`), where the capture names one or says `none`.
 */
export function captureCsv(record: CaptureRecord, calibration?: string): string {
  const points = record.channels.map(({ point }) => point);
  const isOneCircuit = new Set(points.map(prefixOfPoint)).size === 1;
  const names = points.map((point) => (isOneCircuit ? (quantityOfPoint(point) ?? point) : point));
  const mains = record.isMainsAssumed ? '' : ` mainsHz=${record.mainsHz}`;
  const said = calibration === undefined ? '' : ` calibration=${calibration}`;
  const lines = [`# sampleRateHz=${record.sampleRateHz}${mains}${said}`, names.join(',')];
  for (let frame = 0; frame < record.frames; frame++) {
    lines.push(record.channels.map(({ values }) => cell(values[frame])).join(','));
  }
  return `${lines.join('\n')}\n`;
}

function cell(value: number | undefined): string {
  return value === undefined || Number.isNaN(value) ? '' : String(value);
}
