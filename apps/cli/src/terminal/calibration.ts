import {
  capturePoints,
  judgeCalibration,
  loadCalibration,
  type CalibrationBook,
  type SampleSource,
} from '@fengsui/terminal';
import { UsageError } from '../command.ts';
import type { TerminalCall } from './terminal-call.ts';

/**
 * Takes the file of `--calibration` over into what the terminal keeps; an older one than it has is left.
 *
 * @returns what a person should know.
 * @throws Error for a file that holds none. UsageError for one of another device or of other channels.
 */
export function takeCalibrationFile(
  call: Pick<TerminalCall, 'calibration' | 'device'>,
  source: SampleSource,
  book: CalibrationBook,
): readonly string[] {
  if (call.calibration !== undefined) {
    if (source.circuits.length === 0) throw new UsageError('--calibration: nothing is sampled here');
    const next = loadCalibration(call.calibration);
    const bearer = { deviceId: call.device, points: capturePoints(source) };
    const current = book.current();
    const verdict = judgeCalibration(next, bearer, current);
    if (verdict.kind === 'new') book.keep(next);
    else if (verdict.kind === 'refused' && verdict.code !== 'staleVersion')
      throw new UsageError(`--calibration ${call.calibration}: ${verdict.detail}`);
    else if (verdict.kind === 'refused') return [`--calibration ${call.calibration}: not used: ${verdict.detail}`];
  }
  if (source.circuits.length === 0) return [];
  const used = book.current();
  if (used === undefined) return ['not calibrated: samples count as they come'];
  return [`calibration ${used.id} of ${new Date(used.calibratedAt).toISOString()} by ${used.by}`];
}
