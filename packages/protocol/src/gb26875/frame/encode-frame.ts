import { fromHex } from '../hex.ts';
import { standardGbProfile, type GbProfile } from '../profile.ts';
import { timeLabelBytes, writeTimeLabel } from '../time-label.ts';
import { encodeGbUnit } from '../unit/encode-unit.ts';
import { gbChecksum } from './checksum.ts';
import {
  gbAddressBytes,
  gbEndByte,
  gbFrameOverhead,
  gbHeadBytes,
  gbMaxDataBytes,
  gbStartByte,
  type GbFrame,
} from './frame.ts';

/**
 * The bytes of a frame; the inverse of `decodeGbFrame` with the same profile, byte for byte.
 *
 * @throws RangeError naming field, value and expectation when a field does not fit.
 */
export function encodeGbFrame(frame: GbFrame, profile: GbProfile = standardGbProfile): Uint8Array<ArrayBuffer> {
  const data = encodeGbUnit(frame.unit, profile);
  if (data.length > gbMaxDataBytes) {
    throw new RangeError(`data unit of ${data.length} bytes, at most ${gbMaxDataBytes} expected`);
  }
  const bytes = new Uint8Array(gbFrameOverhead + data.length);
  const view = new DataView(bytes.buffer);
  bytes.fill(gbStartByte, 0, 2);
  view.setUint16(2, integer('serial', frame.serial, 0xffff), profile.serialOrder !== 'highFirst');
  const version = [
    integer('version.major', frame.version.major, 255),
    integer('version.user', frame.version.user, 255),
  ];
  bytes.set(profile.versionOrder === 'userFirst' ? version.toReversed() : version, 4);
  bytes.set(timeLabel(frame), 6);
  bytes.set(hexBytes('source', frame.source, gbAddressBytes), 12);
  bytes.set(hexBytes('destination', frame.destination, gbAddressBytes), 18);
  view.setUint16(24, data.length, true);
  bytes[26] = integer('command', frame.command, 255);
  bytes.set(data, gbHeadBytes);
  bytes[gbHeadBytes + data.length] = gbChecksum(bytes, 0, data.length);
  bytes.fill(gbEndByte, gbHeadBytes + data.length + 1);
  return bytes;
}

function timeLabel({ sentAt, sentAtHex }: GbFrame): Uint8Array {
  return sentAtHex === undefined ? writeTimeLabel(sentAt) : hexBytes('sentAtHex', sentAtHex, timeLabelBytes);
}

function integer(field: string, value: number, most: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= most) return value;
  throw new RangeError(`${field} is ${value}, an integer 0…${most} expected`);
}

function hexBytes(field: string, value: string, length: number): Uint8Array {
  const bytes = fromHex(value, length);
  if (bytes !== undefined) return bytes;
  throw new RangeError(`${field} is ${JSON.stringify(value)}, ${2 * length} hex digits expected`);
}
