import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { encodeCopyBinary } from './copy-binary.ts';
import { parameterTexts } from './parameter-text.ts';
import { copyStatement, statementPlace } from './statement.ts';
import { StoreError, engineError } from './store-error.ts';
import type { Row, SqlValue, Step } from './store.ts';

/** One statement outside a transaction, on whichever connection is free. */
export async function queryOnce(
  pool: pg.Pool,
  sql: string,
  params: readonly SqlValue[] | undefined,
): Promise<readonly Row[]> {
  const values = parameterTexts(params, statementPlace(sql));
  return withClient(pool, (client) => runSql(client, sql, values));
}

/**
 * All steps in one transaction.
 *
 * @throws StoreError `unknownOutcome` when COMMIT was sent and no answer came; `connection` when the connection went
 * before that, and then nothing happened.
 */
export async function commitSteps(
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

function destroy(client: pg.PoolClient): void {
  // Private in the types; end() would wait politely for the answer which does not come.
  (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
