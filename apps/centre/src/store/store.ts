/** One value as a SQL parameter. Arrays go as `number[]`; JSON is stringified by the caller and cast (`$1::jsonb`). */
export type SqlValue =
  string | number | boolean | null | Uint8Array | readonly number[] | readonly (number | null)[] | readonly string[];

export type Row = Readonly<Record<string, unknown>>;

/** Column types a bulk copy can write. */
export type CopyType =
  'text' | 'int2' | 'int4' | 'int8' | 'float8' | 'bool' | 'bytea' | 'jsonb' | 'float8[]' | 'text[]';

/** A value of a bulk copy: a float8[] may hold nulls, everything may be null. */
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
  close(): Promise<void>;
};
