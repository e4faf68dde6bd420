/**
 * The thread of the embedded engine: PGlite blocks its thread while a statement runs, and owns one connection.
 * Requests wait here, so that a commit that arrives during a long query starts before every query that waits.
 */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import type { Results, Transaction } from '@electric-sql/pglite';
import { durableStartParams, patchFsync } from './pglite-fsync.ts';
import type { FsyncCounter } from './pglite-fsync.ts';
import type { WireError, WireStep, WorkerReply, WorkerRequest, WorkerStart } from './pglite-messages.ts';
import { parserOf } from './result-value.ts';
import { statementPlace } from './statement.ts';
import { StoreError } from './store-error.ts';

/** After so many commits in a row one waiting query gets its turn. */
const COMMITS_IN_A_ROW = 16;

/** Session settings that decide how values look as text, the same on both engines. */
const START_PARAMS: readonly string[] = [
  ...durableStartParams,
  ...['max_wal_size=128MB', 'TimeZone=UTC', 'bytea_output=hex'].flatMap((setting) => ['-c', setting]),
];

if (parentPort === null) throw new Error('pglite-worker runs as a worker thread of the store only');
const port = parentPort;
const { clusterFolder, task } = workerData as WorkerStart;
const reply = (message: WorkerReply): void => port.postMessage(message);

type Waiting = Exclude<WorkerRequest, { kind: 'commit' }>;
const commits: Extract<WorkerRequest, { kind: 'commit' }>[] = [];
const others: Waiting[] = [];
let commitsInARow = 0;
let running = false;

try {
  const database = await openDatabase();
  const fsyncs = patchFsync(database);
  reply({ kind: 'ready' });
  if (task === 'create') await close(database);
  else port.on('message', (request: WorkerRequest) => void take(request, database, fsyncs));
} catch (error) {
  reply({ kind: 'failed', error: wireError(error) });
  port.close();
}

async function openDatabase(): Promise<PGlite> {
  const database = await PGlite.create({ dataDir: clusterFolder, startParams: [...START_PARAMS] });
  // PGlite knows every type now; its Dates and BigInts give way to the values both engines agree on.
  for (const oid of Object.keys(database.parsers)) database.parsers[Number(oid)] = parserOf(Number(oid));
  // Parameters arrive as PostgreSQL's own text; PGlite's serializers would change some of them.
  database.serializers = {};
  return database;
}

async function take(request: WorkerRequest, database: PGlite, fsyncs: FsyncCounter): Promise<void> {
  enqueue(request);
  if (running) return;
  running = true;
  for (let next = nextRequest(); next !== undefined; next = nextRequest()) {
    await serve(next, database, fsyncs);
  }
  running = false;
}

function enqueue(request: WorkerRequest): void {
  if (request.kind === 'commit') commits.push(request);
  else others.push(request);
}

function nextRequest(): WorkerRequest | undefined {
  // Statements block this thread's event loop: what arrived meanwhile is still in the port, not in the queues.
  for (let got = receiveMessageOnPort(port); got !== undefined; got = receiveMessageOnPort(port)) {
    enqueue(got.message as WorkerRequest);
  }
  const waitingHaveTurn = commitsInARow >= COMMITS_IN_A_ROW && others.length > 0;
  const commit = waitingHaveTurn ? undefined : commits.shift();
  commitsInARow = commit === undefined ? 0 : commitsInARow + 1;
  return commit ?? others.shift();
}

async function serve(request: WorkerRequest, database: PGlite, fsyncs: FsyncCounter): Promise<void> {
  try {
    reply({ kind: 'done', id: request.id, value: await answer(request, database, fsyncs) });
    if (request.kind === 'close') port.close();
  } catch (error) {
    const wire = wireError(error);
    reply({ kind: 'refused', id: request.id, error: wire });
    // An error without SQLSTATE is not PostgreSQL refusing a statement: the engine itself is broken (PANIC, trap).
    if (wire.sqlState === undefined && wire.code === undefined) {
      reply({ kind: 'failed', error: wire });
      port.close();
    }
  }
}

async function answer(request: WorkerRequest, database: PGlite, fsyncs: FsyncCounter): Promise<unknown> {
  switch (request.kind) {
    case 'query':
      return run(database, request.step);
    case 'commit':
      return database.transaction(async (transaction) => {
        const results: unknown[] = [];
        for (const [index, step] of request.steps.entries()) results.push(await run(transaction, step, index));
        return results;
      });
    case 'fsyncCount':
      return fsyncs.count;
    case 'close':
      return close(database);
  }
}

async function run(on: PGlite | Transaction, step: WireStep, index?: number): Promise<unknown[]> {
  try {
    const results =
      'copy' in step
        ? await on.query(step.sql, [], { blob: new Blob([step.copy]) })
        : await on.query(step.sql, [...step.params]);
    return results.rows;
  } catch (error) {
    if (error instanceof Error) error.message = `${statementPlace(step.sql, index)}: ${error.message}`;
    throw error;
  }
}

async function close(database: PGlite): Promise<void> {
  await database.close();
}

function wireError(error: unknown): WireError {
  if (error instanceof StoreError) return { message: error.message, code: error.code };
  if (!(error instanceof Error)) return { message: String(error) };
  const { code, detail } = error as { code?: unknown; detail?: unknown };
  return {
    message: error.message,
    ...(typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? { sqlState: code } : {}),
    ...(typeof detail === 'string' ? { detail } : {}),
  };
}
