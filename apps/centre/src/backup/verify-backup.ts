import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Lane } from '../journal/entry.ts';
import { createPgliteStore } from '../store/pglite-store.ts';
import { BackupError } from './backup-format.ts';
import { checkArchive, type CheckedBackup } from './check-archive.ts';
import { extractBackup, type Extracted } from './extract-backup.ts';
import { lookIntoDump, lookIntoJournal, lookIntoStore, type StoreContents } from './look-into-store.ts';

/** What a restored copy really holds. */
export type OpenedBackup = StoreContents & {
  /** The last entry of each lane: behind `applied`, the first start applies the rest. */
  readonly journalled: Readonly<Record<Lane, number>>;
};

/** Each file against the manifest. @throws BackupError */
export function verifyBackup(file: string): Promise<CheckedBackup> {
  return checkArchive(file);
}

/**
 * Restores the backup into a temporary folder, lets the engine recover it, reads every row, and removes it again. A dump
 * of PostgreSQL is unpacked and counted.
 *
 * @throws BackupError or StoreError when it could not be used.
 */
export async function verifyDeep(file: string, temporary = tmpdir()): Promise<CheckedBackup & OpenedBackup> {
  const checked = await checkArchive(file);
  const { bavail, bsize } = await statfs(temporary);
  if (bavail * bsize < checked.bytes) {
    throw new BackupError(
      `${checked.bytes} bytes are needed in ${temporary}, ${bavail * bsize} are free; name another place with TMPDIR`,
    );
  }
  const scratch = await mkdtemp(path.join(temporary, 'fengsui-verify-'));
  try {
    const folder = path.join(scratch, 'data');
    const extracted = await extractBackup(file, folder, path.join(scratch, 'database.dump'));
    return { ...checked, ...(await openExtracted(extracted, folder)) };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

export async function openExtracted({ header, dumpFile }: Extracted, folder: string): Promise<OpenedBackup> {
  const contents = dumpFile === undefined ? await recovered(path.join(folder, 'store')) : await lookIntoDump(dumpFile);
  if (contents.schemaVersion !== header.schemaVersion) {
    throw new BackupError(`the store has schema ${contents.schemaVersion}, the backup says ${header.schemaVersion}`);
  }
  return { ...contents, journalled: await lookIntoJournal(path.join(folder, 'journal'), contents.applied) };
}

/** Opening it is its recovery. */
async function recovered(storeFolder: string): Promise<StoreContents> {
  const store = await createPgliteStore({ folder: storeFolder });
  try {
    return await lookIntoStore(store);
  } finally {
    await store.close();
  }
}
