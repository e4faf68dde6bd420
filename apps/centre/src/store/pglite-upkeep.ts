import type { PGlite } from '@electric-sql/pglite';

/**
 * What a PostgreSQL server does by background processes and a single-user one (PGlite) never does: without checkpoints
 * the WAL grows for ever and the next start replays all of it; without VACUUM and ANALYZE updated rows pile up and
 * plans rest on no statistics.
 */
const WAL_BYTES_PER_CHECKPOINT = 48 * 1024 * 1024;
const WAL_EVERY_MS = 5_000;
const TABLES_EVERY_MS = 30_000;
const NEXT_TABLE_MS = 1_000;
/** So late it goes ahead of requests which wait. */
const OVERDUE_MS = 30_000;

/**
 * The table most in need, by the rules of autovacuum (PostgreSQL manual, "Routine Vacuuming"): dead rows above 50 +
 * 20 %, inserts above 1,000 + 20 %, rows changed since ANALYZE above 50 + 10 %, or old transaction ids to freeze.
 * The catalogue is among them: each temporary table leaves dead rows there.
 */
const NEEDIEST_TABLE = `
SELECT format('%I.%I', s.schemaname, s.relname) AS table,
  s.n_dead_tup > 50 + 0.2 * s.n_live_tup OR s.n_ins_since_vacuum > 1000 + 0.2 * s.n_live_tup
    OR age(c.relfrozenxid) > 150000000 AS vacuum
FROM pg_stat_all_tables s JOIN pg_class c ON c.oid = s.relid
WHERE s.schemaname NOT LIKE 'pg_toast%' AND s.schemaname NOT LIKE 'pg_temp%' AND c.relkind IN ('r', 'm')
  AND (s.n_dead_tup > 50 + 0.2 * s.n_live_tup OR s.n_ins_since_vacuum > 1000 + 0.2 * s.n_live_tup
    OR age(c.relfrozenxid) > 150000000 OR s.n_mod_since_analyze > 50 + 0.1 * s.n_live_tup)
ORDER BY (s.n_dead_tup + s.n_ins_since_vacuum + s.n_mod_since_analyze) / (100.0 + s.n_live_tup) DESC
LIMIT 1`;

export class PgliteUpkeep {
  readonly #database: PGlite;
  #walDueAt: number;
  #tablesDueAt: number;
  /** No CHECKPOINT, so that no file of the write-ahead log is used anew: somebody copies them. */
  keepsLog = false;

  constructor(database: PGlite, nowMs: number) {
    this.#database = database;
    this.#walDueAt = nowMs + WAL_EVERY_MS;
    this.#tablesDueAt = nowMs + TABLES_EVERY_MS;
  }

  isDue(nowMs: number): boolean {
    return nowMs >= this.#walDueAt || nowMs >= this.#tablesDueAt;
  }

  isOverdue(nowMs: number): boolean {
    return nowMs >= Math.min(this.#walDueAt, this.#tablesDueAt) + OVERDUE_MS;
  }

  /** One piece of work at most; says what it did, undefined when nothing was needed. */
  async step(nowMs: number): Promise<string | undefined> {
    if (nowMs >= this.#walDueAt) {
      this.#walDueAt = nowMs + WAL_EVERY_MS;
      if (this.keepsLog || (await this.#walBytes()) < WAL_BYTES_PER_CHECKPOINT) return undefined;
      await this.#database.exec('CHECKPOINT');
      return 'CHECKPOINT';
    }
    const statement = await this.#tableStatement();
    // Another table may be in need too; but a table that stays in need must not keep the engine busy.
    this.#tablesDueAt = nowMs + (statement === undefined ? TABLES_EVERY_MS : NEXT_TABLE_MS);
    if (statement !== undefined) await this.#database.exec(statement);
    return statement;
  }

  async #walBytes(): Promise<number> {
    const { rows } = await this.#database.query<{ bytes: number }>(
      'SELECT (pg_current_wal_lsn() - redo_lsn)::float8 AS bytes FROM pg_control_checkpoint()',
    );
    return rows[0]?.bytes ?? 0;
  }

  async #tableStatement(): Promise<string | undefined> {
    const { rows } = await this.#database.query<{ table: string; vacuum: boolean }>(NEEDIEST_TABLE);
    const [row] = rows;
    if (row === undefined) return undefined;
    return row.vacuum ? `VACUUM (ANALYZE) ${row.table}` : `ANALYZE ${row.table}`;
  }
}
