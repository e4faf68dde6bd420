import { access, constants, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { FolderLockError, lockFolder, type FolderLock } from './folder-lock.ts';

export type DataFolder = {
  readonly folder: string;
  readonly journal: string;
  readonly store: string;
  readonly tls: string;
  /** The centre's own keys; readable by its owner alone. */
  readonly keys: string;
  /** Files of releases. */
  readonly releases: string;
  /** Where backups go that nobody gave another place; in no backup itself. */
  readonly backups: string;
  /** The newest desk pack. */
  readonly paper: string;
  readonly release: () => Promise<void>;
};

/** One clear line for the person who starts the centre; nothing was changed. */
export class DataFolderError extends Error {
  readonly code: 'folderInUse' | 'folderUnwritable' | 'folderNotAFolder' | 'folderUnexpectedlyEmpty' | 'folderDamaged';

  constructor(code: DataFolderError['code'], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** Beside the folder, not in it: it must outlive an unmounted disk or a deleted volume. */
const markerOf = (folder: string): string => `${folder}.initialised`;

/** What lies in the folder: journal and store, the journal alone (`server`: a PostgreSQL elsewhere), or keys alone (`servers`: NATS too). */
export type StorePlace = 'embedded' | 'server' | 'servers';

const FOLDERS: Readonly<Record<StorePlace, readonly string[]>> = {
  embedded: ['journal', 'store'],
  server: ['journal'],
  servers: ['keys'],
};

export const storePlaceOf = (config: {
  readonly database: { readonly url: string | undefined };
  readonly nats: { readonly url: string | undefined };
}): StorePlace =>
  config.database.url === undefined ? 'embedded' : config.nats.url === undefined ? 'server' : 'servers';

/**
 * Takes a data folder for this process: makes it, locks it, and refuses one that is empty although it was in use —
 * a fresh start there would hide that all alarms and records are gone.
 */
export async function openDataFolder(given: string, storePlace: StorePlace = 'embedded'): Promise<DataFolder> {
  const folder = path.resolve(given);
  await makeFolder(folder);
  let lock: FolderLock;
  try {
    lock = await lockFolder(folder);
  } catch (error) {
    if (error instanceof FolderLockError) throw new DataFolderError(error.code, error.message, error);
    throw error;
  }
  try {
    await checkContents(folder, storePlace);
  } catch (error) {
    await lock.release();
    throw error;
  }
  return {
    folder,
    journal: path.join(folder, 'journal'),
    store: path.join(folder, 'store'),
    tls: path.join(folder, 'tls'),
    keys: path.join(folder, 'keys'),
    releases: path.join(folder, 'releases'),
    backups: path.join(folder, 'backups'),
    paper: path.join(folder, 'paper'),
    release: () => lock.release(),
  };
}

/** From now on an empty folder is a loss, not a beginning. */
export async function markInitialised(folder: string): Promise<void> {
  const note = `Data folder ${folder} was first used ${new Date().toISOString()}. Delete this file to allow a fresh start there.\n`;
  // Beside an unwritable parent the folder itself still works; only this warning is lost.
  await writeFile(markerOf(folder), note, { flag: 'wx' }).catch(() => undefined);
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await makeFolders(folder);
    if (!(await stat(folder)).isDirectory())
      throw new DataFolderError('folderNotAFolder', `data folder ${folder} is a file, expected a folder`);
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    if (error instanceof DataFolderError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EEXIST' || code === 'ENOTDIR')
      throw new DataFolderError('folderNotAFolder', `data folder ${folder} is a file, expected a folder`, error);
    throw new DataFolderError(
      'folderUnwritable',
      `data folder ${folder} cannot be written (${code ?? 'unknown'}); give this user the right or choose another with --data`,
      error,
    );
  }
}

/** Not `recursive`: Node's own never ends where mkdir says ENOENT although the parent is there (/proc, automounts). */
async function makeFolders(folder: string): Promise<void> {
  if (await exists(folder)) return;
  const parent = path.dirname(folder);
  if (parent !== folder) await makeFolders(parent);
  await mkdir(folder, { mode: 0o700 }).catch(async (error: unknown) => {
    // Another process may have made it meanwhile.
    if (!(await exists(folder))) throw error;
  });
}

const exists = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );

/** Lies in a folder while a backup is laid into it. */
export const RESTORE_UNFINISHED = 'restore-unfinished';

async function checkContents(folder: string, storePlace: StorePlace): Promise<void> {
  if (await exists(path.join(folder, RESTORE_UNFINISHED))) {
    throw new DataFolderError(
      'folderDamaged',
      `data folder ${folder} holds a restore that was cut off; empty it and restore the backup again`,
    );
  }
  const wasUsed = await readFile(markerOf(folder), 'utf8').then(
    () => true,
    () => false,
  );
  // A first start that was killed halfway leaves what it leaves; a used folder that lacks something has lost it.
  if (!wasUsed) return;
  const names = await readdir(folder);
  const expected = FOLDERS[storePlace];
  const lost = expected.filter((name) => !names.includes(name));
  if (lost.length === expected.length) {
    throw new DataFolderError(
      'folderUnexpectedlyEmpty',
      `data folder ${folder} is empty although it was in use; is a disk not mounted? To begin anew delete ${markerOf(folder)}`,
    );
  }
  if (lost.length > 0) {
    throw new DataFolderError(
      'folderDamaged',
      `data folder ${folder} has lost its ${lost.join(' and ')} folder; restore it from a backup`,
    );
  }
}
