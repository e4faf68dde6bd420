import { StoreError, isStoreError } from './store-error.ts';
import type { Step, Store } from './store.ts';

/** One change of the schema. What was released is never edited: a later version changes it. */
export type Migration = {
  /** Positive integer, higher than the one before. */
  readonly version: number;
  /** Kebab-case, for people: `first-tables`. */
  readonly name: string;
  /** One statement per step; all of them and the version row are one transaction. */
  readonly steps: readonly Step[];
};

export type MigrateResult = { readonly from: number; readonly to: number };

export type MigrateOptions = {
  /** Clock for `applied_at`, epoch milliseconds. */
  readonly nowMs?: () => number;
  readonly log?: (line: string) => void;
  /** Before the first change of a store that has a schema already; when it rejects nothing is changed. */
  readonly before?: (from: number, to: number) => Promise<void>;
  /** Version of the program, kept beside each version it applied. */
  readonly product?: string;
};

const CREATE_TABLE = `CREATE TABLE IF NOT EXISTS schema_version (
  version int4 PRIMARY KEY, name text NOT NULL, applied_at int8 NOT NULL, product text)`;
/** Stores of before the column. */
const ADD_PRODUCT = 'ALTER TABLE schema_version ADD COLUMN IF NOT EXISTS product text';

/**
 * Brings a store to the newest of the given versions (0 = empty). Killed at any moment it leaves a whole version, and
 * two processes that start together apply each version once: the version row is written first, so the second waits
 * for it, fails on its key and goes on from there.
 *
 * @throws StoreError `newerVersion` when the store was written by a newer program; `migration` when the list is not
 * in order or the store holds another history; any error of a step, with the version in front.
 */
export async function migrate(
  store: Store,
  migrations: readonly Migration[],
  { nowMs = Date.now, log = () => {}, before, product }: MigrateOptions = {},
): Promise<MigrateResult> {
  checkOrder(migrations);
  await createVersionTable(store);
  const applied = await appliedVersions(store);
  checkHistory(applied, migrations);
  const from = Math.max(0, ...applied.keys());
  const to = migrations.at(-1)?.version ?? 0;
  if (from > 0 && from < to) await before?.(from, to);
  if (from < to) await store.commit([{ kind: 'sql', sql: ADD_PRODUCT }]);
  for (const migration of migrations.filter(({ version }) => version > from)) {
    // Of a store that is made, not changed, nobody needs to be told each step.
    if (from > 0) log(`store: migration ${migration.version} ${migration.name}`);
    await apply(store, migration, nowMs(), product ?? null);
  }
  return { from, to };
}

function checkOrder(migrations: readonly Migration[]): void {
  let previous = 0;
  for (const { version, name } of migrations) {
    if (!Number.isInteger(version) || version <= previous) {
      throw new StoreError('migration', `migration ${version} ${name}: expected an integer above ${previous}`);
    }
    previous = version;
  }
}

async function createVersionTable(store: Store): Promise<void> {
  try {
    await store.commit([{ kind: 'sql', sql: CREATE_TABLE }]);
  } catch (error) {
    // Two sessions that create it at the same moment collide in the catalogue (23505 on pg_type); it is there then.
    if (!isStoreError(error, 'unique')) throw error;
  }
}

type Applied = { readonly name: string; readonly product?: string };

async function appliedVersions(store: Store): Promise<Map<number, Applied>> {
  // By way of jsonb: the column may not be there.
  const sql = `SELECT version, name, to_jsonb(s) ->> 'product' AS product FROM schema_version s ORDER BY version`;
  const rows = await store.query(sql);
  return new Map(
    rows.map(({ version, name, product }) => [
      Number(version),
      { name: String(name), ...(typeof product === 'string' && { product }) },
    ]),
  );
}

function checkHistory(applied: ReadonlyMap<number, Applied>, migrations: readonly Migration[]): void {
  const newest = migrations.at(-1)?.version ?? 0;
  const known = new Map(migrations.map(({ version, name }) => [version, name]));
  const last = Math.max(0, ...applied.keys());
  const { name: lastName = '', product } = applied.get(last) ?? {};
  if (last > newest) {
    const needed = product === undefined ? 'the newer program' : `Fengsui ${product} or newer`;
    throw new StoreError(
      'newerVersion',
      `the store has schema version ${last} (${lastName}), this program knows up to ${newest}; start ${needed}, ` +
        'or restore the backup that was made before the store was changed (backups/before-schema-… in the data folder)',
    );
  }
  for (const [version, { name }] of applied) {
    if (known.get(version) !== name) {
      throw new StoreError(
        'migration',
        `the store's schema version ${version} is "${name}", this program's is "${known.get(version) ?? 'absent'}"`,
      );
    }
  }
}

async function apply(
  store: Store,
  { version, name, steps }: Migration,
  appliedAt: number,
  product: string | null,
): Promise<void> {
  const row: Step = {
    kind: 'sql',
    sql: 'INSERT INTO schema_version (version, name, applied_at, product) VALUES ($1, $2, $3, $4)',
    params: [version, name, appliedAt, product],
  };
  try {
    await store.commit([row, ...steps]);
  } catch (error) {
    if (isStoreError(error, 'unique') && (await appliedVersions(store)).get(version)?.name === name) return;
    if (!isStoreError(error)) throw error;
    throw new StoreError(error.code, `migration ${version} ${name}: ${error.message}`, {
      sqlState: error.sqlState,
      cause: error,
    });
  }
}
