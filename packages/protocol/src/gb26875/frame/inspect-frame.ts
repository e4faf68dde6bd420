import { gbChecksum } from './checksum.ts';
import { gbEndByte, gbFrameOverhead, gbHeadBytes, gbMaxDataBytes, gbStartByte, type GbDiscardReason } from './frame.ts';

/** What stands at a place of a byte stream. `detail` is a function: on noise it is asked for by nobody. */
export type GbInspection =
  | { readonly kind: 'frame'; readonly length: number }
  | { readonly kind: 'notFrame'; readonly reason: GbDiscardReason; readonly length?: number; detail(): string };

/** Looks for a whole frame at `offset`; what follows it does not matter. Never throws. */
export function inspectFrame(bytes: Uint8Array, offset: number): GbInspection {
  const available = bytes.length - offset;
  if (isOther(bytes[offset], gbStartByte) || isOther(bytes[offset + 1], gbStartByte)) {
    return notFrame('noStart', () => `starts with ${hexAt(bytes, offset)} ${hexAt(bytes, offset + 1)}, 40 40 expected`);
  }
  if (available < gbHeadBytes) {
    return notFrame('incomplete', () => `${available} bytes, at least ${gbFrameOverhead} expected`);
  }
  const dataBytes = (bytes[offset + 24] as number) + 256 * (bytes[offset + 25] as number);
  if (dataBytes > gbMaxDataBytes) {
    return notFrame('lengthOverLimit', () => `data unit of ${dataBytes} bytes, at most ${gbMaxDataBytes} expected`);
  }
  const length = gbFrameOverhead + dataBytes;
  if (available < length) return notFrame('incomplete', () => `${available} bytes, ${length} expected`);
  const end = offset + length - 2;
  if (bytes[end] !== gbEndByte || bytes[end + 1] !== gbEndByte) {
    return notFrame('noEnd', () => `ends with ${hexAt(bytes, end)} ${hexAt(bytes, end + 1)}, 23 23 expected`);
  }
  const checksum = gbChecksum(bytes, offset, dataBytes);
  if (checksum === bytes[end - 1]) return { kind: 'frame', length };
  const detail = () => `checksum is ${hexAt(bytes, end - 1)}, ${hex(checksum)} expected`;
  return { kind: 'notFrame', reason: 'badChecksum', length, detail };
}

function notFrame(reason: GbDiscardReason, detail: () => string): GbInspection {
  return { kind: 'notFrame', reason, detail };
}

function isOther(byte: number | undefined, expected: number): boolean {
  return byte !== undefined && byte !== expected;
}

function hexAt(bytes: Uint8Array, offset: number): string {
  return hex(bytes[offset]);
}

function hex(byte: number | undefined): string {
  return byte === undefined ? 'nothing' : byte.toString(16).padStart(2, '0');
}
