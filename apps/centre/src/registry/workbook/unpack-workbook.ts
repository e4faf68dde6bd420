import { crc32, inflateRawSync } from 'node:zlib';
import { WorkbookError } from './sheet.ts';

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const MAX_ENTRIES = 4_096;
/** Twenty times the workbook of 300 venues with 3,000 devices; what unpacks to more is a bomb. */
export const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;

export const damaged = (why: string): WorkbookError =>
  new WorkbookError('damagedFile', `the workbook is damaged (${why}); save it anew as .xlsx`);

/** What a table is made of; pictures, macros and other formats in the same wrapping stay packed. */
const isNeeded = (name: string): boolean => /^(\[Content_Types\]|_rels[/]|xl[/]).*[.](xml|rels)$/i.test(name);

/**
 * The parts of an .xlsx archive (PKWARE APPNOTE 6.3: stored and deflated) that hold its tables, by name.
 *
 * The spreadsheet library unpacks every entry before anybody can ask how large it is, to the size that its stream has
 * and not the one it claims. So nothing packed reaches it: here each entry is unpacked to what it claims at most, and
 * the claims are summed up before.
 *
 * @throws WorkbookError with what to do.
 */
export function unpackWorkbook(bytes: Uint8Array): ReadonlyMap<string, Buffer> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = buffer.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || end + 22 > buffer.length) throw damaged('no end of archive');
  const count = buffer.readUInt16LE(end + 10);
  if (count > MAX_ENTRIES) throw damaged(`${count} entries`);
  let at = buffer.readUInt32LE(end + 16);
  let unpackedBytes = 0;
  const parts = new Map<string, Buffer>();
  for (let index = 0; index < count; index++) {
    if (at + 46 > buffer.length || buffer.readUInt32LE(at) !== CENTRAL) throw damaged('its directory');
    const nameBytes = buffer.readUInt16LE(at + 28);
    const name = buffer.toString('utf8', at + 46, at + 46 + nameBytes);
    if (isNeeded(name)) {
      unpackedBytes += buffer.readUInt32LE(at + 24);
      if (unpackedBytes > MAX_UNPACKED_BYTES)
        throw new WorkbookError(
          'tooLarge',
          `the workbook unpacks to more than ${MAX_UNPACKED_BYTES / 1024 / 1024} MiB`,
        );
      parts.set(name, unpackEntry(buffer, at, name));
    }
    at += 46 + nameBytes + buffer.readUInt16LE(at + 30) + buffer.readUInt16LE(at + 32);
  }
  return parts;
}

/** The content of the entry whose directory record stands at `at`. */
function unpackEntry(archive: Buffer, at: number, name: string): Buffer {
  if ((archive.readUInt16LE(at + 8) & 1) !== 0)
    throw new WorkbookError('encryptedFile', 'the workbook has a password; save it without one');
  const method = archive.readUInt16LE(at + 10);
  const claimedBytes = archive.readUInt32LE(at + 24);
  const local = archive.readUInt32LE(at + 42);
  if (local + 30 > archive.length || archive.readUInt32LE(local) !== LOCAL) throw damaged(name);
  const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const packed = archive.subarray(start, start + archive.readUInt32LE(at + 20));
  if (method !== 0 && method !== 8) throw damaged(`${name}: packing method ${method}`);
  const content = method === 0 ? packed : inflated(packed, claimedBytes, name);
  if (content.length !== claimedBytes || crc32(content) !== archive.readUInt32LE(at + 16)) throw damaged(name);
  return content;
}

function inflated(packed: Buffer, claimedBytes: number, name: string): Buffer {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, claimedBytes) });
  } catch {
    throw damaged(name);
  }
}
