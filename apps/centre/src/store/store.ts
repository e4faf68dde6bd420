/** One value as a SQL parameter. Arrays go as `number[]`; JSON is stringified by the caller and cast (`$1::jsonb`). */
export type SqlValue =
  string | number | boolean | null | Uint8Array | readonly number[] | readonly (number | null)[] | readonly string[];

export type Row = Readonly<Record<string, unknown>>;

/** Column types a bulk copy can write. */
export type CopyType =
  'text' | 'int2' | 'int4' | 'int8' | 'float8' | 'bool' | 'bytea' | 'jsonb' | 'int4[]' | 'float8[]' | 'text[]';

/** A value of a bulk copy: an int4[] and a float8[] may hold nulls, everything may be null. */
export type CopyValue =
  string | number | boolean | null | Uint8Array | Float64Array | readonly (number | null)[] | readonly string[];

export type Step =
  | { readonly kind: 'sql'; readonly sql: string; readonly params?: readonly SqlValue[] }
  | {
      readonly kind: 'copy';
      readonly table: string;
      readonly columns: readonly (readonly [name: string, type: CopyType])[];
      readonly rows: readonly (readonly CopyValue[])[];
    };

/**
 * The relational store: PGlite embedded, PostgreSQL ≥ 15 scaled out, one SQL dialect, one conformance suite.
 *
 * A transaction is a list of steps handed over at once: nothing interactive holds the single connection of the
 * embedded engine while someone thinks.
 */
export type Store = {
  readonly engine: 'pglite' | 'postgres';
  /** Reads outside a transaction. int8 and count(*) come back as number (throws beyond 2^53), bytea as Uint8Array. */
  query(sql: string, params?: readonly SqlValue[]): Promise<readonly Row[]>;
  /** All steps or none, durable (fsync) when the promise resolves; the rows each step returned, [] for a copy. */
  commit(steps: readonly Step[]): Promise<readonly (readonly Row[])[]>;
  /** The embedded engine alone: its files copied while it goes on. A PostgreSQL server is dumped by its own program. */
  readonly physicalCopy?: PhysicalCopy;
  close(): Promise<void>;
};

/**
 * Files copied between `begin` and `end` are what a power cut would leave, if pg_control is what `begin` gave and the
 * write-ahead log is copied last: the engine's own recovery makes them whole.
 */
export type PhysicalCopy = {
  readonly clusterFolder: string;
  /** Makes a checkpoint, the last one until `end`. @throws StoreError `durability` when the engine cannot recover from such a copy. */
  begin(): Promise<CopyBeginning>;
  /** Name of the file of the write-ahead log that is written now: the last one that a copy needs. */
  lastWal(): Promise<string>;
  /** To be called whatever happened. @throws StoreError `sql` when a checkpoint came in between: the copy is void. */
  end(): Promise<void>;
};

export type CopyBeginning = {
  /** Contents of global/pg_control: recovery begins at the checkpoint it names. */
  readonly control: Uint8Array;
  /** The first file of the write-ahead log that recovery needs. */
  readonly firstWal: string;
};
