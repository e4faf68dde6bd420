/**
 * The thread of the embedded engine: PGlite blocks its thread while a statement runs, and owns one connection.
 * Requests wait here, so that a commit that arrives during a long query starts before every query that waits.
 */
import process from 'node:process';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { PgliteCopy } from './pglite-copy.ts';
import { durableStartParams, patchFsync } from './pglite-fsync.ts';
import type { FsyncCounter } from './pglite-fsync.ts';
import type { WireError, WorkerReply, WorkerRequest, WorkerStart } from './pglite-messages.ts';
import { runQuery, runTransaction } from './pglite-session.ts';
import { PgliteUpkeep } from './pglite-upkeep.ts';
import { RequestQueue } from './request-queue.ts';
import { parserOf } from './result-value.ts';
import { StoreError } from './store-error.ts';

/** Session settings that decide how values look as text, the same on both engines. */
const START_PARAMS: readonly string[] = [
  ...durableStartParams,
  ...['max_wal_size=128MB', 'TimeZone=UTC', 'bytea_output=hex'].flatMap((setting) => ['-c', setting]),
];
/** Lines of PostgreSQL (PANIC, FATAL) and of the WebAssembly runtime after which the engine is no more. */
const SEVERE = /\b(?:PANIC|FATAL): |^Aborted\(/;
const UPKEEP_TICK_MS = 5_000;
const SLOW_UPKEEP_MS = 500;

if (parentPort === null) throw new Error('pglite-worker runs as a worker thread of the store only');
const port = parentPort;
const { clusterFolder, task } = workerData as WorkerStart;
const reply = (message: WorkerReply): void => port.postMessage(message);

try {
  const database = await openDatabase();
  const fsyncs = patchFsync(database);
  reply({ kind: 'ready' });
  if (task === 'create') await database.close();
  else serveRequests(database, fsyncs);
} catch (error) {
  reply({ kind: 'failed', error: wireError(error) });
  port.close();
}

async function openDatabase(): Promise<PGlite> {
  let open = false;
  let severeLine: string | undefined;
  const onStderr = (line: string): boolean => {
    if (SEVERE.test(line)) {
      // Without PostgreSQL's own time stamp and process number in front.
      const severe = line.replace(/^.*?(?=PANIC|FATAL)/, '');
      severeLine ??= severe;
      // PGlite goes on with an engine that has aborted, or calls it for ever: end this thread before it writes more.
      if (open) {
        reply({ kind: 'failed', error: { message: severe } });
        process.exit(1);
      }
    }
    return true;
  };
  try {
    const database = await PGlite.create({ dataDir: clusterFolder, startParams: [...START_PARAMS], onStderr });
    open = true;
    // PGlite knows every type now; its Dates and BigInts give way to the values both engines agree on.
    for (const oid of Object.keys(database.parsers)) database.parsers[Number(oid)] = parserOf(Number(oid));
    // Parameters arrive as PostgreSQL's own text; PGlite's serializers would change some of them.
    database.serializers = {};
    return database;
  } catch (error) {
    throw severeLine === undefined ? error : new Error(severeLine, { cause: error });
  }
}

function serveRequests(database: PGlite, fsyncs: FsyncCounter): void {
  const queue = new RequestQueue<WorkerRequest>();
  const upkeep = new PgliteUpkeep(database, Date.now());
  const engine: Engine = { database, fsyncs, copy: new PgliteCopy(database, upkeep, clusterFolder) };
  let running = false;
  let ended = false;

  const end = (): void => {
    ended = true;
    clearInterval(ticker);
    port.close();
  };
  const pump = async (): Promise<void> => {
    if (running) return;
    running = true;
    while (!ended) {
      // A statement blocks this thread's event loop: what arrived meanwhile is still in the port, not in the queue.
      for (let got = receiveMessageOnPort(port); got !== undefined; got = receiveMessageOnPort(port)) {
        queue.push(got.message as WorkerRequest);
      }
      if (upkeep.isOverdue(Date.now())) await keepUp(upkeep);
      const request = queue.next();
      if (request !== undefined) {
        const broken = await serve(request, engine);
        if (broken || request.kind === 'close') end();
      } else if (upkeep.isDue(Date.now())) await keepUp(upkeep);
      else break;
    }
    running = false;
  };

  const ticker = setInterval(() => void pump(), UPKEEP_TICK_MS);
  port.on('message', (request: WorkerRequest) => {
    queue.push(request);
    void pump();
  });
}

type Engine = { readonly database: PGlite; readonly fsyncs: FsyncCounter; readonly copy: PgliteCopy };

/** Never rejects; true when the engine is broken and must not be asked again. */
async function serve(request: WorkerRequest, engine: Engine): Promise<boolean> {
  try {
    reply({ kind: 'done', id: request.id, value: await answer(request, engine) });
    return false;
  } catch (error) {
    const wire = wireError(error);
    reply({ kind: 'refused', id: request.id, error: wire });
    // Neither PostgreSQL nor our parsers refused a statement: the engine itself stopped (PANIC, trap).
    const broken = wire.sqlState === undefined && wire.code === undefined;
    if (broken) reply({ kind: 'failed', error: wire });
    return broken;
  }
}

async function answer(request: WorkerRequest, { database, fsyncs, copy }: Engine): Promise<unknown> {
  switch (request.kind) {
    case 'query':
      return runQuery(database, request.step);
    case 'commit':
      return runTransaction(database, request.steps);
    case 'fsyncCount':
      return fsyncs.count;
    case 'copyBegin':
      return copy.begin();
    case 'copyLastWal':
      return copy.lastWal();
    case 'copyEnd':
      return copy.end();
    case 'close':
      return database.close();
  }
}

async function keepUp(upkeep: PgliteUpkeep): Promise<void> {
  const startedAt = Date.now();
  let done: string | undefined;
  try {
    done = await upkeep.step(startedAt);
  } catch (error) {
    reply({ kind: 'log', line: `store: upkeep failed: ${wireError(error).message}` });
  }
  const tookMs = Date.now() - startedAt;
  if (tookMs >= SLOW_UPKEEP_MS) reply({ kind: 'log', line: `store: ${done ?? 'upkeep'} took ${tookMs} ms` });
}

function wireError(error: unknown): WireError {
  if (error instanceof StoreError) return { message: error.message, code: error.code };
  if (!(error instanceof Error)) return { message: String(error) };
  const { severity, code, detail } = error as { severity?: unknown; code?: unknown; detail?: unknown };
  // A node error has a code too (EIO, ENOSPC); only PostgreSQL's have a severity.
  const refused = typeof severity === 'string' && typeof code === 'string';
  return {
    message: error.message,
    ...(refused ? { sqlState: code } : {}),
    ...(typeof detail === 'string' ? { detail } : {}),
  };
}
