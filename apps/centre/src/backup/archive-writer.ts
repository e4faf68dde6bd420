import { createHash } from 'node:crypto';
import { closeSync, fdatasyncSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { Header, Pax } from 'tar';

const BLOCK = 512;
/** Compressed and written at once: some 10 ms of a core. */
const PIECE_BYTES = 1024 * 1024;
/** The kernel never holds more unwritten bytes of ours than this: whoever syncs another file would wait for them. */
const SYNC_EVERY_BYTES = 8 * 1024 * 1024;

export type WrittenFile = { readonly path: string; readonly size: number; readonly sha256: string };
export type EntryMeta = { readonly mode: number; readonly mtimeMs: number };

/**
 * Writes a .tar.gz beside its place and renames it there when it is whole and on the disk. Blocks its thread: it runs
 * in one of its own. Each piece is a gzip member by itself (RFC 1952 section 2.2), so that it can be packed at once.
 */
export class ArchiveWriter {
  readonly #target: string;
  readonly #partial: string;
  readonly #file: number;
  readonly #piece = Buffer.allocUnsafe(PIECE_BYTES);
  #fill = 0;
  #level = 1;
  #unsynced = 0;
  #bytesRead = 0;
  #bytesWritten = 0;

  /** @throws when the place cannot be written, or when something lies there. */
  constructor(target: string) {
    this.#target = target;
    this.#partial = `${target}.partial`;
    closeSync(openSync(target, 'wx', 0o600));
    rmSync(target);
    rmSync(this.#partial, { force: true });
    this.#file = openSync(this.#partial, 'wx', 0o600);
  }

  get bytesRead(): number {
    return this.#bytesRead;
  }

  get bytesWritten(): number {
    return this.#bytesWritten;
  }

  addFolder(name: string, { mode, mtimeMs }: EntryMeta): void {
    this.#writeHeader({ path: `${name}/`, size: 0, mode, mtimeMs, type: 'Directory' });
  }

  addBytes(name: string, bytes: Uint8Array, { mode, mtimeMs }: EntryMeta): WrittenFile {
    this.#writeHeader({ path: name, size: bytes.byteLength, mode, mtimeMs, type: 'File' });
    this.#write(bytes);
    this.#pad(bytes.byteLength);
    return { path: name, size: bytes.byteLength, sha256: createHash('sha256').update(bytes).digest('hex') };
  }

  /**
   * The first `size` bytes of an open file, which others may write meanwhile: zeros where it has become shorter.
   * `isPacked`: it is compressed already.
   */
  addFile(name: string, source: number, size: number, meta: EntryMeta, isPacked = false): WrittenFile {
    this.#writeHeader({ path: name, size, ...meta, type: 'File' });
    this.#setLevel(isPacked ? 0 : 1);
    const hash = createHash('sha256');
    let position = 0;
    while (position < size) {
      if (this.#fill === PIECE_BYTES) this.#flush();
      const wanted = Math.min(PIECE_BYTES - this.#fill, size - position);
      const read = readSync(source, this.#piece, this.#fill, wanted, position);
      if (read === 0) this.#piece.fill(0, this.#fill, this.#fill + wanted);
      const got = read === 0 ? wanted : read;
      hash.update(this.#piece.subarray(this.#fill, this.#fill + got));
      this.#fill += got;
      position += got;
      this.#bytesRead += got;
    }
    this.#pad(size);
    this.#setLevel(1);
    return { path: name, size, sha256: hash.digest('hex') };
  }

  /** From here on the file is there, whole. */
  finish(): void {
    this.#write(Buffer.alloc(2 * BLOCK));
    this.#flush();
    fsyncSync(this.#file);
    closeSync(this.#file);
    renameSync(this.#partial, this.#target);
    const folder = openSync(path.dirname(this.#target), 'r');
    fsyncSync(folder);
    closeSync(folder);
  }

  #writeHeader(entry: EntryMeta & { path: string; size: number; type: 'File' | 'Directory' }): void {
    const { mtimeMs, mode, ...rest } = entry;
    const mtime = new Date(Math.floor(mtimeMs / 1000) * 1000);
    const data = { ...rest, mode: mode & 0o7777, mtime };
    const header = new Header(data);
    // A name that is too long for the old header goes before it (POSIX.1-2001 pax).
    if (header.encode()) this.#write(new Pax({ path: data.path, size: data.size, mtime }).encode());
    if (header.block === undefined) throw new Error(`no tar header for ${entry.path}`);
    this.#write(header.block);
  }

  #pad(size: number): void {
    const rest = size % BLOCK;
    if (rest > 0) this.#write(Buffer.alloc(BLOCK - rest));
  }

  #write(bytes: Uint8Array): void {
    let from = 0;
    while (from < bytes.byteLength) {
      if (this.#fill === PIECE_BYTES) this.#flush();
      const count = Math.min(PIECE_BYTES - this.#fill, bytes.byteLength - from);
      this.#piece.set(bytes.subarray(from, from + count), this.#fill);
      this.#fill += count;
      from += count;
    }
  }

  #setLevel(level: number): void {
    if (level === this.#level) return;
    this.#flush();
    this.#level = level;
  }

  #flush(): void {
    if (this.#fill === 0) return;
    const packed = gzipSync(this.#piece.subarray(0, this.#fill), { level: this.#level });
    this.#fill = 0;
    let written = 0;
    while (written < packed.byteLength) written += writeSync(this.#file, packed, written);
    this.#bytesWritten += packed.byteLength;
    this.#unsynced += packed.byteLength;
    if (this.#unsynced < SYNC_EVERY_BYTES) return;
    this.#unsynced = 0;
    fdatasyncSync(this.#file);
  }
}
