import { fromHex } from '../hex.ts';
import { standardGbProfile, type GbProfile } from '../profile.ts';
import { gbChecksum } from './checksum.ts';
import { gbAddressBytes, gbHeadBytes, type GbFrame } from './frame.ts';

const tailBytes = 3;

/**
 * The same frame under another serial or other addresses, its data unit byte for byte: what a relay passes on in its own
 * name, also when nobody can read it.
 *
 * @param frame a sound frame.
 * @throws RangeError when an address is not 12 hex digits.
 */
export function readdressGbFrame(
  frame: Uint8Array,
  head: Partial<Pick<GbFrame, 'serial' | 'source' | 'destination'>>,
  profile: GbProfile = standardGbProfile,
): Uint8Array<ArrayBuffer> {
  const bytes = Uint8Array.from(frame);
  const { serial, source, destination } = head;
  if (serial !== undefined) new DataView(bytes.buffer).setUint16(2, serial, profile.serialOrder !== 'highFirst');
  if (source !== undefined) bytes.set(address('source', source), 12);
  if (destination !== undefined) bytes.set(address('destination', destination), 18);
  const dataBytes = bytes.length - gbHeadBytes - tailBytes;
  bytes[gbHeadBytes + dataBytes] = gbChecksum(bytes, 0, dataBytes);
  return bytes;
}

function address(field: string, hex: string): Uint8Array {
  const bytes = fromHex(hex, gbAddressBytes);
  if (bytes === undefined) throw new RangeError(`${field} is ${JSON.stringify(hex)}, 12 hex digits expected`);
  return bytes;
}
