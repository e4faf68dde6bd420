import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import type { PgliteUpkeep } from './pglite-upkeep.ts';
import { StoreError } from './store-error.ts';
import type { CopyBeginning } from './store.ts';

/** What lets others copy the files of the engine while it works; in the engine's own thread. */
export class PgliteCopy {
  readonly #database: PGlite;
  readonly #upkeep: PgliteUpkeep;
  readonly #clusterFolder: string;
  #beganAt: string | undefined;

  constructor(database: PGlite, upkeep: PgliteUpkeep, clusterFolder: string) {
    this.#database = database;
    this.#upkeep = upkeep;
    this.#clusterFolder = clusterFolder;
  }

  async begin(): Promise<CopyBeginning> {
    if (this.#beganAt !== undefined) throw new StoreError('sql', 'the store is being copied already');
    const [settings] = await this.#rows<{ fullPages: string; level: string }>(
      `SELECT current_setting('full_page_writes') AS "fullPages", current_setting('wal_level') AS level`,
    );
    // A page that is copied while it is written is torn; recovery writes it anew from the log only when it is whole there.
    if (settings?.fullPages !== 'on' || settings.level === 'minimal') {
      throw new StoreError(
        'durability',
        `embedded store: full_page_writes is ${settings?.fullPages ?? 'unknown'} and wal_level ${settings?.level ?? 'unknown'}, a copy needs on and replica`,
      );
    }
    await this.#database.exec('CHECKPOINT');
    // Nothing runs between the checkpoint and here: the thread is ours.
    const control = new Uint8Array(readFileSync(path.join(this.#clusterFolder, 'global/pg_control')));
    const { redo, firstWal } = await this.#checkpoint();
    this.#beganAt = redo;
    this.#upkeep.keepsLog = true;
    return { control, firstWal };
  }

  async lastWal(): Promise<string> {
    const [row] = await this.#rows<{ name: string }>('SELECT pg_walfile_name(pg_current_wal_insert_lsn()) AS name');
    return row?.name ?? '';
  }

  async end(): Promise<void> {
    const beganAt = this.#beganAt;
    if (beganAt === undefined) return;
    this.#beganAt = undefined;
    this.#upkeep.keepsLog = false;
    const { redo } = await this.#checkpoint();
    if (redo !== beganAt) {
      throw new StoreError('sql', `embedded store: a checkpoint at ${redo} came while it was copied from ${beganAt}`);
    }
  }

  async #checkpoint(): Promise<{ readonly redo: string; readonly firstWal: string }> {
    const [row] = await this.#rows<{ redo: string; firstWal: string }>(
      `SELECT redo_lsn::text AS redo, redo_wal_file AS "firstWal" FROM pg_control_checkpoint()`,
    );
    if (row === undefined) throw new StoreError('sql', 'embedded store: it does not know its last checkpoint');
    return row;
  }

  async #rows<Row>(sql: string): Promise<readonly Row[]> {
    return (await this.#database.query<Row>(sql)).rows;
  }
}
