import { Buffer } from 'node:buffer';
import { crc32 } from 'node:zlib';
import { entryKinds, type Entry, type Lane, type NewEntry } from './entry.ts';

/**
 * One record of a segment file: `u32 bodyBytes, u32 crc32(body), body`, little-endian.
 * body = `u8 version, u8 kind, u16 partition, f64 sequence, f64 appendedAt, u32 metaBytes, meta JSON, payload`.
 * The length finds the next record, the CRC finds the torn tail of a power cut.
 */
const HEADER_BYTES = 8;
const FIXED_BODY_BYTES = 24;
const VERSION = 1;

/** Above any packet a door accepts: a larger length can only be garbage. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024;

export function encodeRecord(entry: NewEntry, sequence: number): Buffer {
  const meta = Buffer.from(JSON.stringify(entry.meta), 'utf8');
  const payloadBytes = entry.payload?.byteLength ?? 0;
  const bodyBytes = FIXED_BODY_BYTES + meta.byteLength + payloadBytes;
  if (bodyBytes > MAX_BODY_BYTES) {
    throw new RangeError(`journal entry of ${bodyBytes} bytes exceeds ${MAX_BODY_BYTES} (kind ${entry.kind})`);
  }
  const record = Buffer.allocUnsafe(HEADER_BYTES + bodyBytes);
  record.writeUInt32LE(bodyBytes, 0);
  record.writeUInt8(VERSION, 8);
  record.writeUInt8(entryKinds.indexOf(entry.kind), 9);
  record.writeUInt16LE(entry.partition, 10);
  record.writeDoubleLE(sequence, 12);
  record.writeDoubleLE(entry.appendedAt, 20);
  record.writeUInt32LE(meta.byteLength, 28);
  meta.copy(record, HEADER_BYTES + FIXED_BODY_BYTES);
  if (entry.payload) record.set(entry.payload, HEADER_BYTES + FIXED_BODY_BYTES + meta.byteLength);
  record.writeUInt32LE(crc32(record.subarray(HEADER_BYTES)), 4);
  return record;
}

export type RecordOutcome =
  | { readonly kind: 'entry'; readonly entry: Entry; readonly end: number }
  /** The bytes end inside a record: the tail of a write that was cut off, or simply the end of what was read. */
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'corrupt'; readonly reason: string };

/** Reads the record that starts at `offset`; never throws on bytes. */
export function decodeRecord(bytes: Buffer, offset: number, lane: Lane): RecordOutcome {
  if (offset + HEADER_BYTES > bytes.byteLength) return { kind: 'incomplete' };
  const bodyBytes = bytes.readUInt32LE(offset);
  if (bodyBytes < FIXED_BODY_BYTES || bodyBytes > MAX_BODY_BYTES) {
    return { kind: 'corrupt', reason: `length ${bodyBytes}, expected ${FIXED_BODY_BYTES}…${MAX_BODY_BYTES}` };
  }
  const end = offset + HEADER_BYTES + bodyBytes;
  if (end > bytes.byteLength) return { kind: 'incomplete' };
  const body = bytes.subarray(offset + HEADER_BYTES, end);
  if (crc32(body) !== bytes.readUInt32LE(offset + 4)) return { kind: 'corrupt', reason: 'CRC mismatch' };
  const kind = entryKinds[body.readUInt8(1)];
  const metaBytes = body.readUInt32LE(20);
  if (body.readUInt8(0) !== VERSION || kind === undefined || FIXED_BODY_BYTES + metaBytes > bodyBytes) {
    return { kind: 'corrupt', reason: `version ${body.readUInt8(0)} or kind ${body.readUInt8(1)} unknown` };
  }
  const metaEnd = FIXED_BODY_BYTES + metaBytes;
  const entry: Entry = {
    lane,
    sequence: body.readDoubleLE(4),
    kind,
    partition: body.readUInt16LE(2),
    appendedAt: body.readDoubleLE(12),
    meta: JSON.parse(body.toString('utf8', FIXED_BODY_BYTES, metaEnd)) as object,
    ...(metaEnd < bodyBytes ? { payload: body.subarray(metaEnd) } : {}),
  };
  return { kind: 'entry', entry, end };
}
