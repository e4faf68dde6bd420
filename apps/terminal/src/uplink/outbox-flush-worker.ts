import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

/**
 * Brings the write-ahead log of an outbox to the disk, in a thread that may wait for a slow card. Asked with any message;
 * answers `undefined`, or the words of what went wrong.
 */
const { file } = workerData as { readonly file: string };
const db = new DatabaseSync(file);
db.exec('pragma synchronous = full; pragma busy_timeout = 2000; pragma cache_size = -256');
const checkpoint = db.prepare('pragma wal_checkpoint(passive)');

parentPort?.on('message', () => {
  try {
    // Syncs the log, copies it, syncs the file. What is written meanwhile is the next one's.
    const { log, checkpointed } = checkpoint.get() ?? {};
    parentPort?.postMessage(log === checkpointed ? undefined : `${String(checkpointed)} of ${String(log)} pages`);
  } catch (error) {
    parentPort?.postMessage(error instanceof Error ? error.message : String(error));
  }
});
