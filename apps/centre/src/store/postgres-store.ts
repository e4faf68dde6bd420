import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { commitSteps, queryOnce } from './postgres-session.ts';
import { parserOf } from './result-value.ts';
import { StoreError } from './store-error.ts';
import type { Store } from './store.ts';

export type PostgresStoreOptions = {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string;
  readonly log?: (line: string) => void;
  /** Names the connections at the server (default `fengsui`). */
  readonly applicationName?: string;
  /** A query without an answer for so long ends as `connection`; without it queries wait. */
  readonly queryTimeoutMs?: number;
  /** For queries beside the commits (default 8). */
  readonly queryConnections?: number;
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
  const { url, log = () => {}, commitTimeoutMs = 60_000, applicationName = 'fengsui', queryTimeoutMs } = options;
  const pool = (max: number): pg.Pool => {
    const made = new pg.Pool({
      connectionString: url,
      max,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      application_name: applicationName,
      ...(queryTimeoutMs !== undefined && { query_timeout: queryTimeoutMs }),
      options: SESSION.map((setting) => `-c ${setting}`).join(' '),
      types: { getTypeParser: (oid: number) => parserOf(oid) },
    });
    // Without a listener the loss of an idle connection would end this process.
    made.on('error', (error) => log(`store: connection lost: ${error.message}`));
    return made;
  };
  const queries = pool(options.queryConnections ?? QUERY_CONNECTIONS);
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

/** Waits no longer than the limit; what is late goes on by itself and ends with the process. */
function within(work: Promise<unknown>, limitMs: number): Promise<unknown> {
  const late = new AbortController();
  const limit = sleep(limitMs, undefined, { signal: late.signal }).catch(() => {});
  return Promise.race([work, limit]).finally(() => late.abort());
}
