export const MAX_PHOTO_BYTES = 2 * 1024 * 1024;
/** No camera makes larger ones; a picture that unpacks to more is no photo. */
const MAX_EDGE_PX = 20_000;

const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * What a photo is by its own bytes, whatever its sender calls it; undefined when it is neither JPEG nor PNG with a size.
 * The pixels are not decoded, metadata stays as it is.
 */
export function photoTypeOf(bytes: Uint8Array): 'image/jpeg' | 'image/png' | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isPng(buffer)) return 'image/png';
  return isJpeg(buffer) ? 'image/jpeg' : undefined;
}

const isEdge = (px: number): boolean => px > 0 && px <= MAX_EDGE_PX;

/** Signature, then IHDR with width and height (PNG 3rd edition, 5.2 and 11.2.1), IEND at the end. */
function isPng(bytes: Buffer): boolean {
  if (bytes.length < 45 || !bytes.subarray(0, 8).equals(PNG_SIGNATURE)) return false;
  if (bytes.readUInt32BE(8) !== 13 || bytes.toString('latin1', 12, 16) !== 'IHDR') return false;
  if (!isEdge(bytes.readUInt32BE(16)) || !isEdge(bytes.readUInt32BE(20))) return false;
  return bytes.includes('IEND', bytes.length - 64, 'latin1');
}

/** Markers from SOI on until a start of frame tells height and width (ITU-T T.81 B.1, B.2.2). */
function isJpeg(bytes: Buffer): boolean {
  if (bytes.length < 20 || bytes.readUInt16BE(0) !== 0xffd8) return false;
  let at = 2;
  while (at + 9 <= bytes.length) {
    if (bytes[at] !== 0xff) return false;
    const marker = bytes[at + 1] as number;
    if (marker === 0xff) {
      at += 1; // fill byte
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return isEdge(bytes.readUInt16BE(at + 5)) && isEdge(bytes.readUInt16BE(at + 7));
    const hasBody = !(marker >= 0xd0 && marker <= 0xd9) && marker !== 0x01;
    if (!hasBody) return false;
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return false;
}
