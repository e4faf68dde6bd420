import { canonicalJson, misfitOf, type Calibration } from '@fengsui/protocol';

/** Of which device and which channels a calibration has to be. */
export type CalibrationBearer = { readonly deviceId: string; readonly points: readonly string[] };

export type CalibrationVerdict =
  | { readonly kind: 'new' }
  /** It is in use already. */
  | { readonly kind: 'same' }
  | {
      readonly kind: 'refused';
      readonly code: 'otherSerial' | 'otherChannels' | 'staleVersion';
      readonly detail: string;
    };

const refused = (code: 'otherSerial' | 'otherChannels' | 'staleVersion', detail: string): CalibrationVerdict => ({
  kind: 'refused',
  code,
  detail,
});

/** Whether a calibration may be used here after the one that is in use. */
export function judgeCalibration(
  next: Calibration,
  { deviceId, points }: CalibrationBearer,
  current: Calibration | undefined,
): CalibrationVerdict {
  if (next.deviceId !== deviceId) return refused('otherSerial', `it is that of ${next.deviceId}: expected ${deviceId}`);
  const misfit = misfitOf(next, points);
  if (misfit !== undefined) return refused('otherChannels', misfit);
  if (current === undefined || next.version > current.version) return { kind: 'new' };
  if (canonicalJson(next) === canonicalJson(current)) return { kind: 'same' };
  return refused(
    'staleVersion',
    `version is ${next.version}, ${current.version} is in use: expected a higher one, or the same`,
  );
}
