import path from 'node:path';
import { lockFolder } from '../platform/folder-lock.ts';
import { encodeCopyBinary } from './copy-binary.ts';
import { parameterTexts } from './parameter-text.ts';
import { createCluster, exists } from './pglite-cluster.ts';
import { linkPglite, pgliteReady, startPgliteWorker } from './pglite-link.ts';
import type { PgliteLink } from './pglite-link.ts';
import type { WireStep } from './pglite-messages.ts';
import { copyStatement, statementPlace } from './statement.ts';
import { StoreError } from './store-error.ts';
import type { CopyBeginning, PhysicalCopy, Row, SqlValue, Step, Store } from './store.ts';

const CLOSE_TIMEOUT_MS = 60_000;

export type PgliteStore = Store & {
  readonly engine: 'pglite';
  readonly physicalCopy: PhysicalCopy;
  /** How often the engine has made the disk keep what it wrote, since the store was opened. */
  fsyncCount(): Promise<number>;
};

export type PgliteStoreOptions = {
  /** Folder of this store, made when absent; it uses `pglite` inside and locks that until close() or its death. */
  readonly folder: string;
  /** One line per thing worth knowing: creation, slow upkeep, the engine's end. */
  readonly log?: (line: string) => void;
};

/**
 * The embedded store: PostgreSQL (PGlite) in a worker thread on a folder of this machine, with fsync at each commit.
 *
 * A commit goes ahead of queries which wait, never ahead of the statement that runs. No request has a time limit; when
 * the thread dies, all that wait and all later calls reject (`connection`; `unknownOutcome` for commits on their way).
 *
 * @throws FolderLockError `folderInUse` or `folderUnwritable`; StoreError `connection` or `durability` when the engine
 * does not start.
 */
export async function createPgliteStore({ folder, log = () => {} }: PgliteStoreOptions): Promise<PgliteStore> {
  // The lock is on the engine's own folder: whoever owns the data folder around it may lock that one too.
  const engineFolder = path.resolve(folder, 'pglite');
  const lock = await lockFolder(engineFolder);
  try {
    const clusterFolder = path.join(engineFolder, 'cluster');
    if (!(await exists(clusterFolder))) {
      log(`store: creating an empty database in ${clusterFolder}`);
      await createCluster(clusterFolder);
    }
    const worker = startPgliteWorker({ clusterFolder, task: 'serve' });
    await pgliteReady(worker);
    const link = linkPglite(worker, log);
    return openStore(
      link,
      clusterFolder,
      link.ended.then(() => lock.release()),
    );
  } catch (error) {
    await lock.release();
    throw error;
  }
}

function openStore(link: PgliteLink, clusterFolder: string, released: Promise<void>): PgliteStore {
  let closing: Promise<void> | undefined;
  const checkOpen = (): void => {
    if (closing !== undefined) throw new StoreError('closed', 'embedded store: called after close()');
  };
  return {
    engine: 'pglite',
    query: async (sql: string, params?: readonly SqlValue[]) => {
      checkOpen();
      const step = { sql, params: parameterTexts(params, statementPlace(sql)) };
      return (await link.ask({ kind: 'query', step })) as readonly Row[];
    },
    commit: async (steps: readonly Step[]) => {
      checkOpen();
      const wired = steps.map(wireStep);
      const transfer = wired.flatMap((step) => ('copy' in step ? [step.copy.buffer] : []));
      return (await link.ask({ kind: 'commit', steps: wired }, transfer)) as readonly (readonly Row[])[];
    },
    fsyncCount: async () => {
      checkOpen();
      return (await link.ask({ kind: 'fsyncCount' })) as number;
    },
    physicalCopy: {
      clusterFolder,
      begin: async () => {
        checkOpen();
        return (await link.ask({ kind: 'copyBegin' })) as CopyBeginning;
      },
      lastWal: async () => {
        checkOpen();
        return (await link.ask({ kind: 'copyLastWal' })) as string;
      },
      end: async () => {
        checkOpen();
        await link.ask({ kind: 'copyEnd' });
      },
    },
    close: () => {
      closing ??= closeWithin(link, CLOSE_TIMEOUT_MS).then(() => released);
      return closing;
    },
  };
}

/** Waits for what was asked before; whatever takes longer than the limit is cut off, as a power cut would. */
async function closeWithin(link: PgliteLink, limitMs: number): Promise<void> {
  const limit = setTimeout(() => link.terminate(`closing took more than ${limitMs} ms`), limitMs);
  // An engine that has stopped by itself needs no closing.
  await link.ask({ kind: 'close' }).catch(() => {});
  await link.ended;
  clearTimeout(limit);
}

function wireStep(step: Step, index: number): WireStep {
  if (step.kind === 'copy') return { sql: copyStatement(step, `'/dev/blob'`), copy: encodeCopyBinary(step) };
  return { sql: step.sql, params: parameterTexts(step.params, statementPlace(step.sql, index)) };
}
