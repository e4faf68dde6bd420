import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';

/** How an entry lies in the archive; other programs write all of these. */
export type Packing = {
  readonly isStored?: boolean;
  /** Sizes after the content (flag 3), as writers into a stream do. */
  readonly hasDescriptor?: boolean;
  /** The local header carries its sizes in a ZIP64 field, as writers that do not know them before do. */
  readonly isZip64?: boolean;
};

/** A ZIP archive of the files, laid out by PKWARE APPNOTE 6.3, 4.3. */
export function zipOf(files: readonly (readonly [name: string, text: string])[], packing: Packing = {}): Buffer {
  const { isStored = false, hasDescriptor = false, isZip64 = false } = packing;
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of files) {
    const content = Buffer.from(text, 'utf8');
    const packed = isStored ? content : deflateRawSync(content);
    const nameBytes = Buffer.from(name, 'utf8');
    const sizes = [crc32(content), packed.length, content.length];
    const kind = [hasDescriptor ? 0x0808 : 0x0800, isStored ? 0 : 8, 0, 0x21];
    const extra = isZip64
      ? Buffer.concat([words(1, 16), longs(content.length), longs(0), longs(packed.length), longs(0)])
      : Buffer.alloc(0);
    const localSizes = hasDescriptor ? [0, 0, 0] : isZip64 ? [crc32(content), 0xffffffff, 0xffffffff] : sizes;
    const local = Buffer.concat([
      longs(0x04034b50),
      words(isZip64 ? 45 : 20, ...kind),
      longs(...localSizes),
      words(nameBytes.length, extra.length),
      nameBytes,
      extra,
    ]);
    const descriptor = hasDescriptor ? longs(0x08074b50, ...sizes) : Buffer.alloc(0);
    parts.push(local, packed, descriptor);
    directory.push(
      Buffer.concat([
        longs(0x02014b50),
        words(20, 20, ...kind),
        longs(...sizes),
        words(nameBytes.length, 0, 0, 0, 0),
        longs(0, offset),
        nameBytes,
      ]),
    );
    offset += local.length + packed.length + descriptor.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.concat([
    longs(0x06054b50),
    words(0, 0, files.length, files.length),
    longs(central.length, offset),
    words(0),
  ]);
  return Buffer.concat([...parts, central, end]);
}

/** The files of an archive whose local headers carry the sizes, front to back; the directory is not looked at. */
export function unzipped(archive: Buffer): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (let at = 0; archive.readUInt32LE(at) === 0x04034b50;) {
    const [packedBytes, nameBytes] = [archive.readUInt32LE(at + 18), archive.readUInt16LE(at + 26)];
    const start = at + 30 + nameBytes + archive.readUInt16LE(at + 28);
    const packed = archive.subarray(start, start + packedBytes);
    const content = archive.readUInt16LE(at + 8) === 0 ? packed : inflateRawSync(packed);
    if (crc32(content) !== archive.readUInt32LE(at + 14)) throw new Error('wrong checksum');
    files.set(archive.toString('utf8', at + 30, at + 30 + nameBytes), content.toString('utf8'));
    at = start + packedBytes;
  }
  return files;
}

function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  values.forEach((value, index) => bytes.writeUInt16LE(value, index * 2));
  return bytes;
}

function longs(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => bytes.writeUInt32LE(value, index * 4));
  return bytes;
}
