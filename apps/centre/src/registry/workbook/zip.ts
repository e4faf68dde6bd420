import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { WorkbookError } from './sheet.ts';

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const MAX_ENTRIES = 4_096;
/** A workbook of a city is some MiB; what unpacks to more is a bomb. */
const MAX_UNPACKED_BYTES = 128 * 1024 * 1024;

const damaged = (why: string): WorkbookError =>
  new WorkbookError('damagedFile', `the workbook is damaged (${why}); save it anew as .xlsx`);

/**
 * The files of a ZIP archive (PKWARE APPNOTE 6.3: stored and deflated; no encryption, no ZIP64), by name.
 * Unpacked when asked for.
 */
export function readZip(bytes: Uint8Array): ReadonlyMap<string, () => Buffer> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = buffer.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || end + 22 > buffer.length) throw damaged('no end of archive');
  const count = buffer.readUInt16LE(end + 10);
  if (count > MAX_ENTRIES) throw damaged(`${count} entries`);
  let at = buffer.readUInt32LE(end + 16);
  let unpacked = 0;
  const files = new Map<string, () => Buffer>();
  for (let index = 0; index < count; index++) {
    if (at + 46 > buffer.length || buffer.readUInt32LE(at) !== CENTRAL) throw damaged('its directory');
    const flags = buffer.readUInt16LE(at + 8);
    const method = buffer.readUInt16LE(at + 10);
    const checksum = buffer.readUInt32LE(at + 16);
    const packedBytes = buffer.readUInt32LE(at + 20);
    const bytesOfFile = buffer.readUInt32LE(at + 24);
    const nameBytes = buffer.readUInt16LE(at + 28);
    const local = buffer.readUInt32LE(at + 42);
    const name = buffer.toString('utf8', at + 46, at + 46 + nameBytes);
    at += 46 + nameBytes + buffer.readUInt16LE(at + 30) + buffer.readUInt16LE(at + 32);
    files.set(name, () => {
      if ((flags & 1) !== 0)
        throw new WorkbookError('encryptedFile', 'the workbook has a password; save it without one');
      if (local + 30 > buffer.length || buffer.readUInt32LE(local) !== LOCAL) throw damaged(name);
      const start = local + 30 + buffer.readUInt16LE(local + 26) + buffer.readUInt16LE(local + 28);
      const packed = buffer.subarray(start, start + packedBytes);
      unpacked += bytesOfFile;
      if (unpacked > MAX_UNPACKED_BYTES)
        throw new WorkbookError('tooLarge', 'the workbook unpacks to more than 128 MiB');
      const content = unpack(packed, method, bytesOfFile, name);
      if (content.length !== bytesOfFile || crc32(content) !== checksum) throw damaged(name);
      return content;
    });
  }
  return files;
}

function unpack(packed: Buffer, method: number, bytesOfFile: number, name: string): Buffer {
  if (method === 0) return packed;
  if (method !== 8) throw damaged(`${name}: packing method ${method}`);
  try {
    // Never more than it claims: the claim was counted.
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, bytesOfFile) });
  } catch {
    throw damaged(name);
  }
}

/** A ZIP archive of the files, deflated; the same files give the same bytes (no dates). */
export function writeZip(files: readonly (readonly [name: string, text: string])[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of files) {
    const content = Buffer.from(text, 'utf8');
    const packed = deflateRawSync(content);
    const nameBytes = Buffer.from(name, 'utf8');
    // version 2.0, names in UTF-8, deflated, 1980-01-01
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x0800, 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt16LE(0, 6);
    common.writeUInt16LE(0x21, 8);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(nameBytes.length, 22);
    const local = Buffer.concat([uint32(LOCAL), common, nameBytes]);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(CENTRAL, 0);
    central.writeUInt16LE(20, 4);
    common.copy(central, 6);
    central.writeUInt32LE(offset, 42);
    parts.push(local, packed);
    directory.push(central, nameBytes);
    offset += local.length + packed.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, central, end]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
