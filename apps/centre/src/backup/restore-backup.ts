import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { plainText } from '../audit/plain-text.ts';
import { addWaiting, waitingFileIn } from '../audit/waiting-file.ts';
import { RESTORE_UNFINISHED } from '../platform/data-folder.ts';
import { lockFolder } from '../platform/folder-lock.ts';
import { syncTree } from '../store/pglite-cluster.ts';
import { createPostgresStore } from '../store/postgres-store.ts';
import { BackupError, type BackupHeader } from './backup-format.ts';
import { checkUsable, extractBackup, makeEmptyFolder } from './extract-backup.ts';
import { connectionOf, findPgProgram, runPgProgram } from './pg-program.ts';
import { readHeaderOf } from './read-header-of.ts';
import { openExtracted, type OpenedBackup } from './verify-backup.ts';

export type RestoreOrder = {
  readonly file: string;
  /** The data folder to be: new or empty. */
  readonly folder: string;
  /** For a backup of a PostgreSQL store: an empty database. */
  readonly databaseUrl?: string | undefined;
};

export type Restored = OpenedBackup & { readonly header: BackupHeader; readonly asOf: string; readonly bytes: number };

/**
 * Lays a backup into an empty folder (and an empty database), lets the store recover and reads all of it. What is left
 * of a restore that was cut off is never taken for a data folder.
 *
 * @throws BackupError, before anything is written where that can be known; StoreError when the store does not open.
 */
export async function restoreBackup({ file, folder, databaseUrl }: RestoreOrder): Promise<Restored> {
  const header = await readHeaderOf(file);
  checkUsable(file, header);
  checkEngine(file, header, databaseUrl);
  if (databaseUrl !== undefined) await checkDatabaseEmpty(databaseUrl);
  await makeEmptyFolder(folder);
  const lock = await lockFolder(folder);
  const mark = path.join(folder, RESTORE_UNFINISHED);
  try {
    await writeFile(mark, `restored from ${file}\n`, { mode: 0o600, flag: 'wx' });
    const dumpFile = path.join(folder, 'database.dump');
    const extracted = await extractBackup(file, folder, dumpFile);
    await syncTree(folder);
    const opened = await openExtracted(extracted, folder);
    if (databaseUrl !== undefined) {
      await loadDump(dumpFile, databaseUrl);
      await rm(dumpFile);
    }
    await noteRestored(folder, file, header, extracted.manifest.asOf);
    await rm(mark);
    return { ...opened, header, asOf: extracted.manifest.asOf, bytes: extracted.bytes };
  } finally {
    await lock.release();
  }
}

/** The first row that the restored centre writes, behind those of the backup. */
async function noteRestored(folder: string, file: string, header: BackupHeader, asOf: string): Promise<void> {
  const keys = path.join(folder, 'keys');
  await mkdir(keys, { recursive: true, mode: 0o700 });
  const what = {
    file: plainText(file, 1_000),
    asOf,
    productVersion: header.productVersion,
    createdAt: header.createdAt,
  };
  const draft = { by: 'command line', via: 'commandLine', act: 'backup restore', result: 'done' } as const;
  await addWaiting(waitingFileIn(keys), { draft: { ...draft, what: JSON.stringify(what) }, at: Date.now() });
}

function checkEngine(file: string, { engine }: BackupHeader, databaseUrl: string | undefined): void {
  if (engine === 'postgres' && databaseUrl === undefined) {
    throw new BackupError(`${file} holds a PostgreSQL database; make an empty one and name it in FENGSUI_DATABASE_URL`);
  }
  if (engine === 'pglite' && databaseUrl !== undefined) {
    throw new BackupError(`${file} holds an embedded store, database.url names a PostgreSQL; unset database.url`);
  }
}

async function checkDatabaseEmpty(url: string): Promise<void> {
  const store = await createPostgresStore({ url });
  try {
    const [row] = await store.query(
      `SELECT count(*) AS n, min(c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v', 'S')`,
    );
    if (Number(row?.['n']) > 0) {
      throw new BackupError(
        `the database is not empty (${String(row?.['name'])}); make a new one, nothing is overwritten`,
      );
    }
  } finally {
    await store.close();
  }
}

/** All of it or nothing. */
async function loadDump(dumpFile: string, databaseUrl: string): Promise<void> {
  const program = await findPgProgram('pg_restore');
  const { url, environment } = connectionOf(databaseUrl);
  const options = ['--single-transaction', '--exit-on-error', '--no-owner', '--no-privileges'];
  await runPgProgram(program, [...options, `--dbname=${url}`, dumpFile], { environment });
}
