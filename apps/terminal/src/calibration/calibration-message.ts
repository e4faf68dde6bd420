import type { EventMessage } from '@fengsui/protocol';
import type { CalibrationChange } from './calibration-book.ts';

/** The event that tells that samples are measured with another calibration; of a moment, it raises nothing. */
export function calibrationMessage({ from, to }: CalibrationChange): Omit<EventMessage, 'epoch' | 'seq' | 'at'> {
  const { id, version, calibratedAt, by } = to;
  return {
    kind: 'calibrationChanged',
    point: '',
    active: true,
    level: 'attention',
    evidence: { schema: 'calibration/1', ...(from !== undefined && { from }), to: id, version, calibratedAt, by },
  };
}
