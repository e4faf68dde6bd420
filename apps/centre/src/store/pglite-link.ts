import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { WireError, WorkerReply, WorkerRequest, WorkerStart } from './pglite-messages.ts';
import { StoreError, engineError } from './store-error.ts';

const WORKER_URL = new URL('./pglite-worker.ts', import.meta.url);
/** Replaying a full WAL takes seconds; minutes mean that it hangs. */
const START_TIMEOUT_MS = 180_000;

// `Omit` of a union keeps the common fields only; this one distributes.
type Unnumbered<T> = T extends unknown ? Omit<T, 'id'> : never;

type Pending = {
  readonly kind: WorkerRequest['kind'];
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
};

export type PgliteLink = {
  /** The worker's answer. No time limit: a long aggregate is legal, and the worker's death rejects. */
  ask(request: Unnumbered<WorkerRequest>, transfer?: readonly ArrayBuffer[]): Promise<unknown>;
  /** Ends the thread now; what waits rejects. */
  terminate(reason: string): void;
  /** Resolves when the thread has ended, whatever ended it. */
  readonly ended: Promise<void>;
};

export function startPgliteWorker(start: WorkerStart): Worker {
  return new Worker(WORKER_URL, { workerData: start });
}

/**
 * Waits until the engine is open.
 *
 * @throws StoreError `connection` or `durability`; the thread has ended by then.
 */
export async function pgliteReady(worker: Worker): Promise<void> {
  const waiting = new AbortController();
  const { signal } = waiting;
  const limit = setTimeout(() => void worker.terminate(), START_TIMEOUT_MS);
  try {
    const first = once(worker, 'message', { signal }).then(([message]) => message as WorkerReply);
    const exit = once(worker, 'exit', { signal }).then(([code]) => `its thread ended with exit code ${code}`);
    const outcome = await Promise.race([first, exit]);
    if (typeof outcome === 'string') throw new Error(outcome);
    if (outcome.kind === 'failed') throw wireStoreError(outcome.error, 'start');
  } catch (error) {
    await worker.terminate();
    if (error instanceof StoreError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new StoreError('connection', `embedded store does not start: ${reason}`, { cause: error });
  } finally {
    clearTimeout(limit);
    waiting.abort();
  }
}

/** Numbers requests, hands out answers, and rejects all that waits when the thread dies. */
export function linkPglite(worker: Worker, log: (line: string) => void): PgliteLink {
  const pending = new Map<number, Pending>();
  let lastId = 0;
  let stopped: StoreError | undefined;
  let closed = false;

  const stop = (reason: string, cause?: unknown): void => {
    if (stopped !== undefined) return;
    const message = `embedded store stopped: ${reason}; start the centre again`;
    stopped = new StoreError('connection', message, { cause });
    if (!closed) log(message);
    for (const { kind, reject } of pending.values()) {
      reject(
        kind === 'commit' ? new StoreError('unknownOutcome', `commit on its way, ${message}`, { cause }) : stopped,
      );
    }
    pending.clear();
    void worker.terminate();
  };

  worker.on('message', (message: WorkerReply) => {
    if (message.kind === 'ready') return;
    if (message.kind === 'log') return log(message.line);
    if (message.kind === 'failed') return stop(message.error.message);
    const request = pending.get(message.id);
    pending.delete(message.id);
    closed ||= request?.kind === 'close';
    if (message.kind === 'done') request?.resolve(message.value);
    else request?.reject(wireStoreError(message.error, request.kind));
  });
  worker.on('error', (error) => stop(error instanceof Error ? error.message : String(error), error));
  const ended = new Promise<void>((resolve) => {
    worker.on('exit', (code) => {
      stop(`its thread ended with exit code ${code}`);
      resolve();
    });
  });

  return {
    ended,
    terminate: stop,
    ask: (request, transfer = []) => {
      if (stopped !== undefined) return Promise.reject(stopped);
      return new Promise((resolve, reject) => {
        lastId += 1;
        pending.set(lastId, { kind: request.kind, resolve, reject });
        worker.postMessage({ ...request, id: lastId }, [...transfer]);
      });
    },
  };
}

function wireStoreError(wire: WireError, during: WorkerRequest['kind'] | 'start'): StoreError {
  const { message, code, sqlState, detail } = wire;
  if (code !== undefined) return new StoreError(code, message);
  if (sqlState !== undefined) return engineError({ message, sqlState, detail });
  // Not a refusal of a statement: the engine broke, perhaps after it had written the commit record.
  return new StoreError(during === 'commit' ? 'unknownOutcome' : 'connection', `embedded store: ${message}`);
}
