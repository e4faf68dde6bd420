/**
 * Stable codes of store failures; messages may change, codes do not.
 *
 * - `input`: a value or identifier refused before anything was sent.
 * - `range`: a result that no number holds exactly (int8 beyond 2^53).
 * - `unique`, `constraint`: SQLSTATE 23505, any other 23xxx.
 * - `conflict`: serialization failure or deadlock (40xxx); the same commit may be tried again.
 * - `full`: disk full or another limit of the server (53xxx).
 * - `sql`: every other error of a statement.
 * - `connection`: the engine is gone; nothing of the request happened. `unknownOutcome`: it went while a commit was on
 *   its way, so the commit may or may not have happened.
 * - `closed`: called after close(). `durability`: the engine cannot promise fsync and is not opened.
 * - `newerVersion`, `migration`: see migrate(). `lost`: the store is empty beside a journal that is in use.
 */
export type StoreErrorCode =
  | 'input'
  | 'range'
  | 'unique'
  | 'constraint'
  | 'conflict'
  | 'full'
  | 'sql'
  | 'connection'
  | 'unknownOutcome'
  | 'closed'
  | 'durability'
  | 'newerVersion'
  | 'migration'
  | 'lost';

export class StoreError extends Error {
  readonly code: StoreErrorCode;
  /** Five characters as PostgreSQL defines them, when the engine itself refused. */
  readonly sqlState: string | undefined;

  constructor(code: StoreErrorCode, message: string, options: { sqlState?: string | undefined; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'StoreError';
    this.code = code;
    this.sqlState = options.sqlState;
  }
}

export function isStoreError(error: unknown, code?: StoreErrorCode): error is StoreError {
  return error instanceof StoreError && (code === undefined || error.code === code);
}

/** Code of a SQLSTATE (PostgreSQL documentation, appendix A). */
export function codeOfSqlState(sqlState: string): StoreErrorCode {
  if (sqlState === '23505') return 'unique';
  if (sqlState.startsWith('23')) return 'constraint';
  if (sqlState.startsWith('40')) return 'conflict';
  if (sqlState.startsWith('53')) return 'full';
  // 08: connection exceptions; 57P01-57P05: the server ends the session.
  if (sqlState.startsWith('08') || sqlState.startsWith('57P')) return 'connection';
  return 'sql';
}

/** A refusal of the engine itself: code by SQLSTATE, message with the detail PostgreSQL gives (the duplicate key …). */
export function engineError(
  refusal: { readonly message: string; readonly sqlState: string; readonly detail?: string | undefined },
  cause?: unknown,
): StoreError {
  const { message, sqlState, detail } = refusal;
  const text = detail === undefined ? message : `${message} (${detail})`;
  return new StoreError(codeOfSqlState(sqlState), text, { sqlState, cause });
}
