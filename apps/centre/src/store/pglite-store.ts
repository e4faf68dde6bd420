import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Worker } from 'node:worker_threads';
import { lockFolder } from '../platform/folder-lock.ts';
import { encodeCopyBinary } from './copy-binary.ts';
import { parameterTexts } from './parameter-text.ts';
import { createCluster, exists, startWorker } from './pglite-cluster.ts';
import type { WireError, WireStep, WorkerReply, WorkerRequest } from './pglite-messages.ts';
import { copyStatement, statementPlace } from './statement.ts';
import { StoreError, engineError } from './store-error.ts';
import type { Row, SqlValue, Step, Store } from './store.ts';

export type PgliteStore = Store & {
  readonly engine: 'pglite';
  /** How often the engine has asked the disk to keep what it wrote, since the store was opened. */
  fsyncCount(): Promise<number>;
};

export type PgliteStoreOptions = {
  /** Folder of this store alone; made when absent. Locked until close() or the end of the process. */
  readonly folder: string;
  /** One line per thing worth knowing (creating, stopped). */
  readonly log?: (line: string) => void;
};

type Pending = {
  readonly kind: WorkerRequest['kind'];
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
};

// `Omit` of a union keeps the common fields only; this one distributes.
type Unnumbered<T> = T extends unknown ? Omit<T, 'id'> : never;

/**
 * The embedded store: PostgreSQL (PGlite) in a worker thread on a folder of this machine, with fsync at each commit.
 *
 * A commit goes ahead of queries which wait, never ahead of the statement that runs. No request has a time limit; when
 * the thread dies, all that wait and all later calls reject (`connection`; `unknownOutcome` for commits on their way).
 *
 * @throws FolderLockError `folderInUse`; StoreError `connection` or `durability` when the engine does not start.
 */
export async function createPgliteStore({ folder, log = () => {} }: PgliteStoreOptions): Promise<PgliteStore> {
  const place = path.resolve(folder);
  await mkdir(place, { recursive: true });
  // The lock belongs to the engine's own folder, so that whoever owns the data folder above may lock that one too.
  const engineFolder = path.join(place, 'pglite');
  await mkdir(engineFolder, { recursive: true, mode: 0o700 });
  const lock = await lockFolder(engineFolder);
  try {
    const clusterFolder = path.join(engineFolder, 'cluster');
    if (!(await exists(clusterFolder))) {
      log(`store: creating an empty database in ${clusterFolder}`);
      await createCluster(clusterFolder);
    }
    const worker = startWorker({ clusterFolder, task: 'serve' });
    await started(worker);
    return openStore(worker, log, () => lock.release());
  } catch (error) {
    await lock.release();
    throw error;
  }
}

function started(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (outcome: () => void): void => {
      worker.removeAllListeners();
      outcome();
    };
    worker.on('message', (message: WorkerReply) => {
      if (message.kind === 'ready') settle(resolve);
      if (message.kind === 'failed') settle(() => reject(storeError(message.error, 'start')));
    });
    worker.on('error', (cause) => settle(() => reject(new StoreError('connection', 'store: no start', { cause }))));
    worker.on('exit', (code) => settle(() => reject(new StoreError('connection', `store: exit code ${code} at start`))));
  });
}

function openStore(worker: Worker, log: (line: string) => void, release: () => Promise<void>): PgliteStore {
  const pending = new Map<number, Pending>();
  let lastId = 0;
  let stopped: StoreError | undefined;
  let closing: Promise<void> | undefined;

  const stop = (reason: string, cause?: unknown): void => {
    if (stopped !== undefined) return;
    stopped = new StoreError('connection', `embedded store stopped: ${reason}; start the centre again`, { cause });
    if (closing === undefined) log(stopped.message);
    for (const { kind, reject } of pending.values()) {
      const unknown = new StoreError('unknownOutcome', `commit on its way when the ${stopped.message}`, { cause });
      reject(kind === 'commit' ? unknown : stopped);
    }
    pending.clear();
    void worker.terminate();
  };

  worker.on('message', (message: WorkerReply) => {
    if (message.kind === 'failed') return stop(message.error.message);
    if (message.kind === 'ready') return;
    const request = pending.get(message.id);
    pending.delete(message.id);
    if (message.kind === 'done') request?.resolve(message.value);
    else request?.reject(storeError(message.error, request.kind));
  });
  worker.on('error', (error) => stop(error instanceof Error ? error.message : String(error), error));
  const ended = new Promise<void>((resolve) => {
    worker.on('exit', (code) => {
      stop(`its thread ended with exit code ${code}`);
      void release().then(resolve);
    });
  });

  const ask = (request: Unnumbered<WorkerRequest>, transfer: readonly ArrayBuffer[] = []): Promise<unknown> => {
    if (closing !== undefined && request.kind !== 'close') {
      return Promise.reject(new StoreError('closed', 'embedded store: called after close()'));
    }
    if (stopped !== undefined) return Promise.reject(stopped);
    return new Promise((resolve, reject) => {
      lastId += 1;
      pending.set(lastId, { kind: request.kind, resolve, reject });
      worker.postMessage({ ...request, id: lastId }, [...transfer]);
    });
  };

  return {
    engine: 'pglite',
    query: async (sql: string, params?: readonly SqlValue[]) => {
      const step = { sql, params: parameterTexts(params, statementPlace(sql)) };
      return (await ask({ kind: 'query', step })) as readonly Row[];
    },
    commit: async (steps: readonly Step[]) => {
      const wired = steps.map(wireStep);
      const transfer = wired.flatMap((step) => ('copy' in step ? [step.copy.buffer] : []));
      return (await ask({ kind: 'commit', steps: wired }, transfer)) as readonly (readonly Row[])[];
    },
    fsyncCount: async () => (await ask({ kind: 'fsyncCount' })) as number,
    close: () => {
      closing ??= ask({ kind: 'close' }).then(
        () => ended,
        // It had stopped already; then there is nothing to close.
        () => ended,
      );
      return closing;
    },
  };
}

function wireStep(step: Step, index: number): WireStep {
  if (step.kind === 'copy') return { sql: copyStatement(step, `'/dev/blob'`), copy: encodeCopyBinary(step) };
  return { sql: step.sql, params: parameterTexts(step.params, statementPlace(step.sql, index)) };
}

function storeError(wire: WireError, during: WorkerRequest['kind'] | 'start'): StoreError {
  const { message, code, sqlState, detail } = wire;
  if (code !== undefined) return new StoreError(code, message);
  if (sqlState !== undefined) return engineError({ message, sqlState, detail });
  // Not a refusal of a statement: the engine broke, perhaps after it had written the commit record.
  return new StoreError(during === 'commit' ? 'unknownOutcome' : 'connection', `embedded store: ${message}`);
}
