import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { encodeCopyBinary } from './copy-binary.ts';
import { parameterTexts } from './parameter-text.ts';
import { parserOf } from './result-value.ts';
import { copyStatement, statementPlace } from './statement.ts';
import { StoreError, engineError } from './store-error.ts';
import type { Row, SqlValue, Step, Store } from './store.ts';

export type PostgresStoreOptions = {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string;
  readonly log?: (line: string) => void;
  /** A commit without an answer for so long ends as `unknownOutcome` (default 60 s). */
  readonly commitTimeoutMs?: number;
};

const LEAST_VERSION = 150000;
/** For a connection, or for a place in a pool whose connections all work. */
const CONNECT_TIMEOUT_MS = 10_000;
const CLOSE_TIMEOUT_MS = 60_000;
const POOL_END_TIMEOUT_MS = 5_000;
const QUERY_CONNECTIONS = 8;
/** Apart from the others, so that no commit waits for a page of a report. */
const COMMIT_CONNECTIONS = 4;

/** Session settings that decide how values look as text, and what COMMIT promises, whatever the server's defaults. */
const SESSION = [
  'TimeZone=UTC',
  'DateStyle=ISO',
  'bytea_output=hex',
  'extra_float_digits=1',
  'synchronous_commit=on',
  'default_transaction_isolation=read\\ committed',
];

/**
 * The store on a PostgreSQL server (≥ 15, UTF8). Connections are made anew when the server comes back; meanwhile calls
 * reject with `connection`. Text is sorted by the database's collation: create it with the C locale, as the embedded
 * engine has it, when both must list in the same order.
 *
 * @throws StoreError `connection` when the server cannot be reached, `sql` when it is older or of another encoding.
 */
export async function createPostgresStore(options: PostgresStoreOptions): Promise<Store> {
  const { url, log = () => {}, commitTimeoutMs = 60_000 } = options;
  const pool = (max: number): pg.Pool => {
    const made = new pg.Pool({
      connectionString: url,
      max,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      application_name: 'fengsui',
      options: SESSION.map((setting) => `-c ${setting}`).join(' '),
      types: { getTypeParser: (oid: number) => parserOf(oid) },
    });
    // Without a listener the loss of an idle connection would end this process.
    made.on('error', (error) => log(`store: connection lost: ${error.message}`));
    return made;
  };
  const queries = pool(QUERY_CONNECTIONS);
  const commits = pool(COMMIT_CONNECTIONS);
  const running = new Set<Promise<unknown>>();
  let closing: Promise<void> | undefined;

  const track = <T>(work: () => Promise<T>): Promise<T> => {
    if (closing !== undefined) return Promise.reject(new StoreError('closed', 'postgres store: called after close()'));
    const promise = work();
    const settled: Promise<unknown> = promise.then(
      () => running.delete(settled),
      () => running.delete(settled),
    );
    running.add(settled);
    return promise;
  };

  const store: Store = {
    engine: 'postgres',
    query: (sql, params) => track(() => queryOnce(queries, sql, params)),
    commit: (steps) => track(() => commitSteps(commits, steps, commitTimeoutMs)),
    close: () => {
      // A pool that ends forgets those who wait for a connection; let them finish first.
      closing ??= within(Promise.all(running), CLOSE_TIMEOUT_MS)
        .then(() => within(Promise.all([queries.end(), commits.end()]), POOL_END_TIMEOUT_MS))
        .then(() => undefined);
      return closing;
    },
  };
  try {
    await checkServer(store);
  } catch (error) {
    await store.close();
    throw error;
  }
  return store;
}

async function checkServer(store: Store): Promise<void> {
  const [row] = await store.query(
    `SELECT current_setting('server_version_num')::int4 AS version, current_setting('server_encoding') AS encoding`,
  );
  if (Number(row?.version) < LEAST_VERSION) {
    throw new StoreError(
      'sql',
      `postgres store: version 15 or newer is expected, the server is ${String(row?.version)}`,
    );
  }
  if (row?.encoding !== 'UTF8') {
    throw new StoreError('sql', `postgres store: a database in UTF8 is expected, this one is ${String(row?.encoding)}`);
  }
}

async function queryOnce(pool: pg.Pool, sql: string, params: readonly SqlValue[] | undefined): Promise<readonly Row[]> {
  const values = parameterTexts(params, statementPlace(sql));
  return withClient(pool, (client) => runSql(client, sql, values));
}

async function commitSteps(
  pool: pg.Pool,
  steps: readonly Step[],
  timeoutMs: number,
): Promise<readonly (readonly Row[])[]> {
  const prepared = steps.map(prepare);
  return withClient(pool, async (client) => {
    const transaction = new Transaction(client);
    const deadline = setTimeout(() => destroy(client), timeoutMs);
    try {
      await transaction.begin();
      const results: (readonly Row[])[] = [];
      for (const [index, run] of prepared.entries()) results.push(await run(client, index));
      await transaction.commit();
      return results;
    } catch (error) {
      await transaction.rollBackUnlessDecided();
      throw error;
    } finally {
      clearTimeout(deadline);
    }
  });
}

type PreparedStep = (client: pg.PoolClient, index: number) => Promise<readonly Row[]>;

/** Encodes before the transaction opens: bad input costs the server nothing. */
function prepare(step: Step, index: number): PreparedStep {
  if (step.kind === 'copy') {
    const sql = copyStatement(step, 'STDIN');
    const bytes = encodeCopyBinary(step);
    return (client, at) => runCopy(client, sql, bytes, at);
  }
  const values = parameterTexts(step.params, statementPlace(step.sql, index));
  return (client, at) => runSql(client, step.sql, values, at);
}

class Transaction {
  #client: pg.PoolClient;
  #state: 'none' | 'open' | 'decided' = 'none';

  constructor(client: pg.PoolClient) {
    this.#client = client;
  }

  async begin(): Promise<void> {
    await runSql(this.#client, 'BEGIN', []);
    this.#state = 'open';
  }

  async commit(): Promise<void> {
    this.#state = 'decided';
    try {
      await this.#client.query('COMMIT');
    } catch (error) {
      if (isRefusal(error)) throw refusalError(error, 'COMMIT');
      // The connection went after COMMIT had been sent: the server may have kept it.
      throw new StoreError('unknownOutcome', `commit sent, no answer: ${messageOf(error)}`, { cause: error });
    }
  }

  async rollBackUnlessDecided(): Promise<void> {
    if (this.#state !== 'open') return;
    this.#state = 'decided';
    // A connection that cannot even roll back is broken; the server rolls back when it is gone.
    await this.#client.query('ROLLBACK').catch(() => destroy(this.#client));
  }
}

async function withClient<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  let client: pg.PoolClient;
  try {
    client = await pool.connect();
  } catch (error) {
    if (error instanceof pg.DatabaseError) throw refusalError(error, 'connect');
    throw new StoreError('connection', `postgres store: no connection: ${messageOf(error)}`, { cause: error });
  }
  let broken = false;
  const onError = (): void => {
    broken = true;
  };
  client.on('error', onError);
  try {
    return await work(client);
  } catch (error) {
    if (error instanceof StoreError && error.code !== 'connection' && error.code !== 'unknownOutcome') throw error;
    broken = true;
    throw error;
  } finally {
    client.removeListener('error', onError);
    client.release(broken);
  }
}

async function runSql(
  client: pg.PoolClient,
  sql: string,
  values: readonly (string | null)[],
  stepIndex?: number,
): Promise<readonly Row[]> {
  try {
    // Extended also without parameters: one statement per string, as on the embedded engine.
    const config = { text: sql, values: [...values], queryMode: 'extended' };
    const result = await client.query<Record<string, unknown>>(config);
    return result.rows;
  } catch (error) {
    throw statementError(error, statementPlace(sql, stepIndex));
  }
}

function runCopy(client: pg.PoolClient, sql: string, bytes: Uint8Array, stepIndex: number): Promise<readonly Row[]> {
  return new Promise((resolve, reject) => {
    const stream = client.query(copyFrom(sql));
    stream.on('error', (error) => reject(statementError(error, statementPlace(sql, stepIndex))));
    stream.on('finish', () => resolve([]));
    stream.end(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  });
}

function statementError(error: unknown, place: string): StoreError {
  if (error instanceof StoreError) return error;
  if (error instanceof pg.DatabaseError) return refusalError(error, place);
  return new StoreError('connection', `postgres store: ${place}: ${messageOf(error)}`, { cause: error });
}

function refusalError(error: pg.DatabaseError, place: string): StoreError {
  const { message, code = 'XX000', detail } = error;
  return engineError({ message: `${place}: ${message}`, sqlState: code, detail }, error);
}

/** The server refused and the session goes on; FATAL and PANIC end it, and then nobody knows. */
function isRefusal(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError && error.severity === 'ERROR';
}

/** Waits no longer than the limit; what is late goes on by itself and ends with the process. */
function within(work: Promise<unknown>, limitMs: number): Promise<unknown> {
  const late = new AbortController();
  const limit = sleep(limitMs, undefined, { signal: late.signal }).catch(() => {});
  return Promise.race([work, limit]).finally(() => late.abort());
}

function destroy(client: pg.PoolClient): void {
  // Private in the types; end() would wait politely for the answer which does not come.
  (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
