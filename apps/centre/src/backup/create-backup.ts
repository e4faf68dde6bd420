import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { schemaVersionOf } from '../store/schema-version.ts';
import type { Store } from '../store/store.ts';
import {
  BACKUP_FORMAT,
  BackupError,
  DATA_PREFIX,
  DUMP_NAME,
  HEADER_NAME,
  type BackupHeader,
  type BackupReason,
} from './backup-format.ts';
import { openArchive, type Archive } from './open-archive.ts';
import { connectionOf, findPgProgram, runPgProgram } from './pg-program.ts';

export type BackupOrder = {
  /** The file to make; its folder is made when it is not there. */
  readonly to: string;
  /** The data folder. */
  readonly folder: string;
  readonly store: Store;
  /** Of a store on a PostgreSQL server. */
  readonly databaseUrl?: string | undefined;
  /** A configuration that lies outside the data folder. */
  readonly configFile?: string | undefined;
  /** Settings that name other files outside; they are not in the backup, and whoever restores it is told. */
  readonly outside?: readonly string[];
  readonly productVersion: string;
  readonly reason: BackupReason;
  /** Of a running centre: keeps its segments until the returned function is called. */
  readonly journal?: { hold?(): () => void };
  /** Of a journal that is not in the data folder: resolves when what it holds now is applied. */
  readonly settle?: (() => Promise<void>) | undefined;
  readonly now: () => number;
  /** Beside a running centre: behind everything else that wants a core. */
  readonly isGentle: boolean;
  readonly onProgress?: (bytesRead: number) => void;
  /** Ends it at once; nothing is left of the file. */
  readonly signal?: AbortSignal;
};

export type BackupResult = {
  readonly file: string;
  readonly bytes: number;
  readonly schemaVersion: number;
  readonly createdAt: string;
  /** Whatever was acknowledged by then is in it. */
  readonly asOf: string;
};

/** Of the running process, what a backup would contain itself, and the head of an audit that is longer than the copy's. */
const NOT_COPIED = [
  'keys/audit-head.json',
  'keys/audit-waiting.jsonl',
  'control.sock',
  'pid',
  'backups',
  'journal',
  'store',
  '**/restore-unfinished',
];
/** Of the engine's process, and what it makes anew (PostgreSQL manual, "Making a base backup using the low level API"). */
const NOT_COPIED_OF_CLUSTER = [
  'pg_wal',
  'global/pg_control',
  'postmaster.pid',
  'postmaster.opts',
  '**/pg_internal.init',
  '**/pgsql_tmp',
];
const CLUSTER = `${DATA_PREFIX}store/pglite/cluster`;

/**
 * Makes one file of everything a centre needs to begin again elsewhere: the store first, the journal after it, so that
 * what the store's copy has not applied is in the journal's; then keys, certificates, releases, configuration.
 *
 * @throws BackupError or StoreError; nothing is left of the file then.
 */
export async function createBackup(order: BackupOrder): Promise<BackupResult> {
  const { store, now, to } = order;
  const createdAt = new Date(now()).toISOString();
  const header = await headerOf(order, createdAt);
  await mkdir(path.dirname(to), { recursive: true, mode: 0o700 });
  const onProgress = order.onProgress ?? ((): void => undefined);
  const archive = await openArchive({ target: to, isGentle: order.isGentle }, onProgress, order.signal);
  const run = new BackupRun(order, archive);
  try {
    await run.addBytes(HEADER_NAME, Buffer.from(`${JSON.stringify(header, undefined, 1)}\n`));
    if (store.engine === 'pglite') await run.copyCluster();
    else await run.dumpDatabase();
    const asOf = run.asOf ?? new Date(now()).toISOString();
    await run.copyFolder();
    const bytes = await archive.tell({ kind: 'finish', asOf, at: now() });
    return { file: to, bytes, schemaVersion: header.schemaVersion, createdAt, asOf };
  } catch (error) {
    await archive.abort();
    throw error;
  } finally {
    run.letGo();
  }
}

class BackupRun {
  readonly #order: BackupOrder;
  readonly #archive: Archive;
  /** Set when what comes later is not in it, although the journal is copied last. */
  asOf: string | undefined;
  #letGo: () => void = () => undefined;

  constructor(order: BackupOrder, archive: Archive) {
    this.#order = order;
    this.#archive = archive;
  }

  letGo(): void {
    this.#letGo();
    this.#letGo = () => undefined;
  }

  async addBytes(as: string, bytes: Uint8Array): Promise<void> {
    await this.#archive.tell({ kind: 'bytes', as, bytes, at: this.#order.now() });
  }

  /** While the engine goes on; see PhysicalCopy. */
  async copyCluster(): Promise<void> {
    const copy = this.#order.store.physicalCopy;
    if (copy === undefined) throw new BackupError('this store cannot be copied while it is open');
    const { control, firstWal } = await copy.begin();
    let isWhole = false;
    try {
      const from = copy.clusterFolder;
      await this.#archive.tell({ kind: 'folder', from, as: CLUSTER, without: NOT_COPIED_OF_CLUSTER });
      await this.addBytes(`${CLUSTER}/global/pg_control`, control);
      this.#holdJournal();
      await this.#copyWal(path.join(from, 'pg_wal'), firstWal, await copy.lastWal());
      isWhole = true;
    } finally {
      // Why the copy failed is worth more than that the engine has gone meanwhile.
      if (isWhole) await copy.end();
      else await copy.end().catch(() => undefined);
    }
  }

  async #copyWal(from: string, firstWal: string, lastWal: string): Promise<void> {
    const as = `${CLUSTER}/pg_wal`;
    const found = (await readdir(from)).sort();
    const isSegment = (name: string): boolean => /^[0-9A-F]{24}$/.test(name);
    const names = found.filter((name) => isSegment(name) && name >= firstWal && name <= lastWal);
    if (names[0] !== firstWal || !names.includes(lastWal)) {
      throw new BackupError(`the store's log ${firstWal} to ${lastWal} is not whole in ${from}`);
    }
    // The folder and those in it, and none of their files.
    await this.#archive.tell({ kind: 'folder', from, as, without: found.filter((name) => /[0-9A-F]{8}/.test(name)) });
    await this.#archive.tell({ kind: 'named', from, as, names });
  }

  async dumpDatabase(): Promise<void> {
    const { databaseUrl, to } = this.#order;
    if (databaseUrl === undefined) throw new BackupError('a backup of PostgreSQL needs database.url');
    const program = await findPgProgram('pg_dump');
    const { url, environment } = connectionOf(databaseUrl);
    if (this.#order.settle !== undefined) {
      this.asOf = new Date(this.#order.now()).toISOString();
      await this.#order.settle();
    }
    // The dump is of the moment at which it began.
    this.#holdJournal();
    const dump = `${to}.dump.partial`;
    const options = ['--format=custom', '--compress=1', '--no-owner', '--no-privileges', '--no-comments'];
    // Who leads is of this moment, not of the store.
    const leftOut = ['--exclude-table=centre_epoch', '--exclude-table=centre_beat'];
    try {
      await runPgProgram(program, [...options, ...leftOut, `--file=${dump}`, `--dbname=${url}`], {
        environment,
        signal: this.#order.signal,
      });
      await this.#archive.tell({ kind: 'file', from: dump, as: DUMP_NAME, isPacked: true });
    } finally {
      await rm(dump, { force: true });
    }
  }

  #holdJournal(): void {
    this.#letGo = this.#order.journal?.hold?.() ?? (() => undefined);
  }

  async copyFolder(): Promise<void> {
    const { folder, configFile, to } = this.#order;
    if (existsSync(path.join(folder, 'journal'))) {
      const from = path.join(folder, 'journal');
      await this.#archive.tell({ kind: 'folder', from, as: `${DATA_PREFIX}journal`, without: [] });
    }
    this.letGo();
    // A backup that is written into the data folder does not hold itself.
    const own = path.relative(folder, path.dirname(to)).split(path.sep).join('/');
    const without = [...NOT_COPIED, own, ...[to, `${to}.partial`].map((file) => path.relative(folder, file))];
    // The one outside is in use, not the one here.
    if (configFile !== undefined) without.push('config.json');
    const as = DATA_PREFIX.slice(0, -1);
    await this.#archive.tell({ kind: 'folder', from: folder, as, without: without.filter((name) => name !== '') });
    if (configFile === undefined) return;
    await this.#archive.tell({ kind: 'file', from: configFile, as: `${DATA_PREFIX}config.json`, isPacked: false });
  }
}

async function headerOf(order: BackupOrder, createdAt: string): Promise<BackupHeader> {
  const { store, productVersion, reason, outside = [] } = order;
  const [engine] = await store.query(`SELECT current_setting('server_version_num')::int4 AS version`);
  return {
    format: 'fengsui-backup',
    formatVersion: BACKUP_FORMAT,
    productVersion,
    schemaVersion: await schemaVersionOf(store),
    createdAt,
    engine: store.engine,
    engineMajor: Math.floor(Number(engine?.['version']) / 10_000),
    reason,
    outside: [...outside],
  };
}
