import { decodeCaptureHeader, type CaptureHeader } from './capture-header.ts';
import { crc32 } from './crc32.ts';
import { discard, maxPacketBytes, type Discarded } from './discarded.ts';
import { encodeUtf8 } from './utf8.ts';

const magic = 'FSC1';
const headBytes = 16;
/** Room for the fixed header, the longest topic and the packet id around the payload of one MQTT packet. */
const aroundPayloadBytes = 1024;
const defaultBodyBytes = 60 * 1024;
const largestBodyBytes = maxPacketBytes - aroundPayloadBytes - headBytes;

export type CaptureChunk = {
  readonly kind: 'chunk';
  readonly index: number;
  readonly count: number;
  /** In chunk 0 only. */
  readonly header?: CaptureHeader;
  /** The frame bytes of this chunk, without the header; a view into the payload. */
  readonly frameBytes: Uint8Array;
};

/** Decodes one payload of topic `capture/{captureId}` and checks its CRC and header. Never throws. */
export function decodeCaptureChunk(bytes: Uint8Array): CaptureChunk | Discarded {
  if (bytes.length > maxPacketBytes) {
    return discard('tooLarge', `chunk of ${bytes.length} bytes, at most ${maxPacketBytes} expected`);
  }
  if (bytes.length < headBytes)
    return discard('truncated', `chunk of ${bytes.length} bytes, a head of ${headBytes} expected`);
  const start = String.fromCharCode(...bytes.subarray(0, 4));
  if (start !== magic)
    return discard('unsupportedVersion', `chunk starts with ${JSON.stringify(start)}, ${magic} expected`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const index = view.getUint16(4, true);
  const count = view.getUint16(6, true);
  if (index >= count) return discard('invalidField', `chunk ${index} of ${count}, an index below the count expected`);
  const headerBytes = view.getUint32(8, true);
  const body = bytes.subarray(headBytes);
  const checksum = crc32(body);
  if (checksum !== view.getUint32(12, true)) {
    return discard(
      'badChecksum',
      `crc32 of the body is ${hex(checksum)}, the chunk says ${hex(view.getUint32(12, true))}`,
    );
  }
  if (index > 0) {
    if (headerBytes === 0) return { kind: 'chunk', index, count, frameBytes: body };
    return discard('invalidField', `headerBytes is ${headerBytes} in chunk ${index}, 0 expected`);
  }
  if (headerBytes === 0 || headerBytes > body.length) {
    return discard('invalidField', `headerBytes is ${headerBytes} in chunk 0, 1…${body.length} expected`);
  }
  const decoded = decodeCaptureHeader(body.subarray(0, headerBytes));
  if (decoded.kind === 'discarded') return decoded;
  return { kind: 'chunk', index, count, header: decoded.header, frameBytes: body.subarray(headerBytes) };
}

/**
 * Cuts a capture into chunks in order, each fit for one MQTT packet.
 *
 * @param bodyBytes most bytes after the 16-byte head of a chunk; default 60 KiB, at most 255 KiB less 16 bytes.
 * @throws RangeError when the frame bytes do not match the header, or the header or the number of chunks does not fit.
 */
export function encodeCapture(
  header: CaptureHeader,
  frameBytes: Uint8Array,
  bodyBytes: number = defaultBodyBytes,
): Uint8Array<ArrayBuffer>[] {
  const headerText = encodeUtf8(JSON.stringify(header));
  const whole = frameBytesOf(header);
  if (frameBytes.length !== whole)
    throw new RangeError(`${frameBytes.length} frame bytes, the header asks for ${whole}`);
  if (!(Number.isInteger(bodyBytes) && bodyBytes >= headerText.length && bodyBytes <= largestBodyBytes)) {
    throw new RangeError(`bodyBytes is ${bodyBytes}, ${headerText.length} (the header)…${largestBodyBytes} expected`);
  }
  const checked = decodeCaptureHeader(headerText);
  if (checked.kind === 'discarded') throw new RangeError(checked.detail);
  if (checked.header.triggerFrame !== header.triggerFrame) {
    throw new RangeError(`triggerFrame is ${header.triggerFrame}, an integer below ${header.frames} expected`);
  }
  const content = new Uint8Array(headerText.length + frameBytes.length);
  content.set(headerText);
  content.set(frameBytes, headerText.length);
  const count = Math.ceil(content.length / bodyBytes);
  if (count > 0xffff) throw new RangeError(`${count} chunks, at most 65535 expected`);
  return Array.from({ length: count }, (_, index) => {
    const body = content.subarray(index * bodyBytes, (index + 1) * bodyBytes);
    return encodeChunk(index, count, index === 0 ? headerText.length : 0, body);
  });
}

export type AssembledCapture =
  /** All chunks are there; complete once the caller finds `header.sha256` over `frameBytes`. */
  | { readonly kind: 'capture'; readonly header: CaptureHeader; readonly frameBytes: Uint8Array<ArrayBuffer> }
  | {
      readonly kind: 'incomplete';
      readonly count: number;
      readonly missing: readonly number[];
      readonly header?: CaptureHeader;
    };

/**
 * Puts the chunks of one capture together, in any order; of two chunks with one index the first counts.
 *
 * @returns discarded when the counts differ, or all chunks together have another length than the header says.
 */
export function assembleCapture(chunks: readonly CaptureChunk[]): AssembledCapture | Discarded {
  const count = chunks[0]?.count ?? 0;
  const byIndex = new Map<number, CaptureChunk>();
  for (const chunk of chunks) {
    if (chunk.count !== count)
      return discard('invalidField', `chunks of ${count} and of ${chunk.count} in one capture`);
    if (!byIndex.has(chunk.index)) byIndex.set(chunk.index, chunk);
  }
  const header = byIndex.get(0)?.header;
  if (header === undefined || byIndex.size < count) {
    const missing = Array.from({ length: count }, (_, index) => index).filter((index) => !byIndex.has(index));
    return { kind: 'incomplete', count, missing, ...(header === undefined ? {} : { header }) };
  }
  const ordered = [...byIndex.values()].sort((left, right) => left.index - right.index);
  const length = ordered.reduce((sum, chunk) => sum + chunk.frameBytes.length, 0);
  const whole = frameBytesOf(header);
  if (length !== whole) return discard('invalidField', `${length} frame bytes in all chunks, ${whole} expected`);
  const frameBytes = new Uint8Array(whole);
  let offset = 0;
  for (const chunk of ordered) {
    frameBytes.set(chunk.frameBytes, offset);
    offset += chunk.frameBytes.length;
  }
  return { kind: 'capture', header, frameBytes };
}

/** Bytes of all frames that a header announces. */
export function frameBytesOf(header: Pick<CaptureHeader, 'frames' | 'channels'>): number {
  return header.frames * header.channels.length * 2;
}

function encodeChunk(index: number, count: number, headerBytes: number, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const chunk = new Uint8Array(headBytes + body.length);
  const view = new DataView(chunk.buffer);
  for (let i = 0; i < magic.length; i += 1) chunk[i] = magic.charCodeAt(i);
  view.setUint16(4, index, true);
  view.setUint16(6, count, true);
  view.setUint32(8, headerBytes, true);
  view.setUint32(12, crc32(body), true);
  chunk.set(body, headBytes);
  return chunk;
}

function hex(word: number): string {
  return word.toString(16).padStart(8, '0');
}
