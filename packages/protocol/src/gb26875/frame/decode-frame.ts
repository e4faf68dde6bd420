import { copyBytes } from '../bytes.ts';
import { toHex } from '../hex.ts';
import { standardGbProfile, type GbProfile } from '../profile.ts';
import { readTimeLabel } from '../time-label.ts';
import { decodeGbUnit } from '../unit/decode-unit.ts';
import { gbHeadBytes, type GbDiscarded, type GbDiscardReason, type GbFrame } from './frame.ts';
import { inspectFrame } from './inspect-frame.ts';

const timeOffset = 6;

/**
 * Decodes the bytes of exactly one frame. Never throws.
 *
 * A frame is sound when start, length, end and checksum agree; its content may still be `unreadable`, see GbUnit.
 */
export function decodeGbFrame(
  bytes: Uint8Array,
  profile: GbProfile = standardGbProfile,
): { readonly kind: 'frame'; readonly frame: GbFrame } | GbDiscarded {
  const inspection = inspectFrame(bytes, 0);
  if (inspection.kind === 'notFrame') return discarded(bytes, inspection.reason, inspection.detail());
  if (inspection.length < bytes.length) {
    const detail = `${bytes.length - inspection.length} bytes behind the frame, none expected`;
    return discarded(bytes, 'trailingBytes', detail);
  }
  const unit = decodeGbUnit(bytes.subarray(gbHeadBytes, bytes.length - 3), profile);
  return { kind: 'frame', frame: { ...readGbHead(bytes, profile), unit } };
}

/**
 * The head of a frame, also of one whose checksum failed: a deny repeats its serial and swaps its addresses (6.3.2).
 *
 * @param bytes at least 27 bytes from the start of the frame.
 */
export function readGbHead(bytes: Uint8Array, profile: GbProfile = standardGbProfile): Omit<GbFrame, 'unit'> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [first, second] = [view.getUint8(4), view.getUint8(5)];
  const sentAt = readTimeLabel(bytes, timeOffset);
  const label = toHex(bytes.subarray(timeOffset, timeOffset + 6));
  return {
    serial: view.getUint16(2, profile.serialOrder !== 'highFirst'),
    version: profile.versionOrder === 'userFirst' ? { major: second, user: first } : { major: first, user: second },
    ...(sentAt === undefined ? {} : { sentAt }),
    ...(sentAt === undefined && label !== '000000000000' ? { sentAtHex: label } : {}),
    source: toHex(bytes.subarray(12, 18)),
    destination: toHex(bytes.subarray(18, 24)),
    command: view.getUint8(26),
  };
}

function discarded(bytes: Uint8Array, reason: GbDiscardReason, detail: string): GbDiscarded {
  return { kind: 'discarded', bytes: copyBytes(bytes), reason, detail };
}
