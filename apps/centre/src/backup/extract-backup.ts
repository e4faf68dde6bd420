import { mkdir, open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { migrations } from '../store/migrations/index.ts';
import { BackupError, DATA_PREFIX, DUMP_NAME, type BackupHeader } from './backup-format.ts';
import { checkArchive, type ArchiveSink, type CheckedBackup, type FileSink } from './check-archive.ts';

/** PostgreSQL's major version inside the embedded engine: its files can be opened by no other. */
export const EMBEDDED_MAJOR = 18;

export type Extracted = CheckedBackup & {
  /** What pg_dump wrote; only in a backup of a PostgreSQL server. */
  readonly dumpFile?: string;
};

/**
 * Lays the contents of a backup into an empty folder, and checks each file on the way. Nothing is synced to the disk.
 *
 * @throws BackupError when the file is damaged, or this program could not use it.
 */
export async function extractBackup(file: string, folder: string, dumpFile: string): Promise<Extracted> {
  const place = (entryPath: string): string =>
    entryPath === DUMP_NAME ? dumpFile : path.join(folder, ...entryPath.slice(DATA_PREFIX.length).split('/'));
  const sink: ArchiveSink = {
    onHeader: (header) => checkUsable(file, header),
    onFolder: async (name) => {
      if (`${name}/` !== DATA_PREFIX) await mkdir(place(name), { recursive: true, mode: 0o700 });
    },
    onFile: async (name, mode) => {
      const target = place(name);
      await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
      return fileSink(target, mode);
    },
  };
  const checked = await checkArchive(file, sink);
  return { ...checked, ...(checked.header.engine === 'postgres' && { dumpFile }) };
}

/** @throws BackupError naming the version that could use it. */
export function checkUsable(file: string, { schemaVersion, productVersion, engine, engineMajor }: BackupHeader): void {
  const newest = migrations.at(-1)?.version ?? 0;
  if (schemaVersion > newest) {
    throw new BackupError(
      `${file} is of Fengsui ${productVersion} (schema ${schemaVersion}), this program knows schemas up to ${newest}; install Fengsui ${productVersion} or newer`,
    );
  }
  if (engine === 'pglite' && engineMajor !== EMBEDDED_MAJOR) {
    throw new BackupError(
      `${file} holds the files of an engine of PostgreSQL ${engineMajor}, this program's is ${EMBEDDED_MAJOR}; install Fengsui ${productVersion}`,
    );
  }
}

/** @throws BackupError when there is a file of this name or anything in the folder. */
export async function makeEmptyFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    const words = error instanceof Error ? error.message : String(error);
    throw new BackupError(`cannot restore into ${folder}: ${words}`);
  });
  const names = (await readdir(folder)).filter((name) => name !== 'lost+found');
  if (names.length > 0) {
    throw new BackupError(
      `${folder} is not empty (${names.slice(0, 3).join(', ')}); name a new folder, nothing is overwritten`,
    );
  }
}

async function fileSink(target: string, mode: number): Promise<FileSink> {
  const handle = await open(target, 'wx', mode & 0o700 ? mode & 0o777 : 0o600);
  return {
    write: async (piece) => {
      let written = 0;
      while (written < piece.byteLength) {
        written += (await handle.write(piece, written, piece.byteLength - written)).bytesWritten;
      }
    },
    close: () => handle.close(),
  };
}
