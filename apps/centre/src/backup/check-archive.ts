import { createHash } from 'node:crypto';
import {
  BackupError,
  DATA_PREFIX,
  DUMP_NAME,
  HEADER_NAME,
  MANIFEST_NAME,
  readHeader,
  readManifest,
  type BackupHeader,
  type BackupManifest,
} from './backup-format.ts';
import { readArchive, type ArchiveEntry } from './read-archive.ts';

/** Headers and manifests are text of this size at most: a manifest of 100,000 files is 15 MB. */
const LARGEST_TEXT_BYTES = 64 * 1024 * 1024;

export type CheckedBackup = {
  readonly header: BackupHeader;
  readonly manifest: BackupManifest;
  readonly bytes: number;
};

export type ArchiveSink = {
  /** Before anything else of the archive: throw to refuse it. */
  onHeader?(header: BackupHeader): Promise<void> | void;
  onFolder?(path: string): Promise<void>;
  /** A place to put the file's contents; undefined when nobody wants them. */
  onFile?(path: string, mode: number): Promise<FileSink | undefined>;
};
export type FileSink = { write(piece: Uint8Array): Promise<void>; close(): Promise<void> };

/**
 * Reads a backup to its end and compares each file with the manifest: size and SHA-256, none missing, none added.
 *
 * @throws BackupError naming the first file that differs.
 */
export async function checkArchive(file: string, sink: ArchiveSink = {}): Promise<CheckedBackup> {
  const found = new Map<string, { readonly size: number; readonly sha256: string }>();
  let header: BackupHeader | undefined;
  let manifest: BackupManifest | undefined;
  let bytes = 0;
  await readArchive(file, async (entry) => {
    if (manifest !== undefined) throw new BackupError(`${file}: ${entry.path} stands behind the manifest`);
    if (header === undefined) {
      if (entry.path !== HEADER_NAME)
        throw new BackupError(`${file} is no backup of Fengsui: it begins with ${entry.path}`);
      const text = await textOf(file, entry);
      header = readHeader(file, text);
      found.set(entry.path, { size: Buffer.byteLength(text), sha256: sha256Of(text) });
      await sink.onHeader?.(header);
      return;
    }
    if (entry.path === MANIFEST_NAME) {
      manifest = readManifest(file, await textOf(file, entry));
      return;
    }
    if (!`${entry.path}/`.startsWith(DATA_PREFIX) && entry.path !== DUMP_NAME)
      throw new BackupError(`${file} holds ${entry.path}, which no backup holds`);
    if (entry.kind === 'folder') {
      for await (const _piece of entry.content) continue;
      await sink.onFolder?.(entry.path);
      return;
    }
    if (found.has(entry.path)) throw new BackupError(`${file} holds ${entry.path} twice`);
    found.set(entry.path, {
      size: entry.size,
      sha256: await passOn(entry, await sink.onFile?.(entry.path, entry.mode)),
    });
    bytes += entry.size;
  });
  if (header === undefined) throw new BackupError(`${file} is no backup of Fengsui: it is empty`);
  if (manifest === undefined) throw new BackupError(`${file} is cut off: its manifest is missing`);
  compare(file, found, manifest);
  return { header, manifest, bytes };
}

async function textOf(file: string, entry: ArchiveEntry): Promise<string> {
  if (entry.size > LARGEST_TEXT_BYTES) throw new BackupError(`${file}: ${entry.path} is ${entry.size} bytes long`);
  const pieces: Uint8Array[] = [];
  for await (const piece of entry.content) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');

async function passOn(entry: ArchiveEntry, to: FileSink | undefined): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const piece of entry.content) {
      hash.update(piece);
      await to?.write(piece);
    }
  } finally {
    await to?.close();
  }
  return hash.digest('hex');
}

function compare(
  file: string,
  found: ReadonlyMap<string, { readonly size: number; readonly sha256: string }>,
  manifest: BackupManifest,
): void {
  for (const { path, size, sha256 } of manifest.files) {
    const got = found.get(path);
    if (got === undefined) throw new BackupError(`${file} is damaged: ${path} is missing`);
    if (got.size !== size || got.sha256 !== sha256)
      throw new BackupError(`${file} is damaged: ${path} differs from the manifest`);
  }
  const named = new Set(manifest.files.map(({ path }) => path));
  for (const path of found.keys()) {
    if (!named.has(path)) throw new BackupError(`${file} is damaged: ${path} is not in the manifest`);
  }
}
