import { encodeGbFrame, standardGbProfile, type GbFrame, type GbObject, type GbUnit } from '@fengsui/protocol';
import type { Transmission } from '../run/transmission.ts';
import { gbOperatorOf, gbPart } from './gb-place.ts';

const CENTRE = '010000000000';
const NORMAL = 1;
const FIRE = 3;
/** Operation bit 4 of table 15. */
const SELF_TEST = 0x10;

const unit = (type: number, objects: readonly GbObject[]): GbUnit => ({
  kind: 'objects',
  type,
  by: 'standard',
  objects,
});

export function gbFrame(source: string, serial: number, sentAt: number, command: number, body: GbUnit): Uint8Array {
  const version = { major: 1, user: 0 };
  const frame: GbFrame = { serial, version, sentAt, source, destination: CENTRE, command, unit: body };
  return encodeGbFrame(frame, standardGbProfile);
}

/**
 * The data unit of a report. A state (type 2) leaves no row of its own at the centre, its alarm does; what is to be
 * counted is a self-test of the device (type 24), told apart by its second and by the operator's number.
 */
export function gbReportUnit({ kind, seq, at }: Pick<Transmission, 'kind' | 'seq' | 'at'>): GbUnit {
  if (kind === 'telemetry') return unit(24, [{ operation: SELF_TEST, operator: gbOperatorOf(seq), at }]);
  return unit(2, [{ ...gbPart, status: kind === 'raise' ? FIRE : NORMAL, description: '模拟感烟探测器', at }]);
}

export const gbEmpty: GbUnit = { kind: 'empty' };

/** The run state of the device, asked with type 81. */
export const gbRunState = (at: number): GbUnit => unit(21, [{ status: NORMAL, at }]);
