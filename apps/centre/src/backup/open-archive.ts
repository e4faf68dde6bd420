import { rm } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import type { ArchiveOrder, ArchiveReply, ArchiveStart } from './archive-messages.ts';
import { BackupError } from './backup-format.ts';

const THREAD_URL = new URL('./archive-thread.ts', import.meta.url);

export type Archive = {
  /** Bytes of the archive so far. @throws BackupError */
  tell(order: ArchiveOrder): Promise<number>;
  /** Leaves nothing of an archive that is not finished; to be called after whatever failed. */
  abort(): Promise<void>;
};

/**
 * Opens an archive that a thread of its own writes; the signal ends it at once.
 *
 * @throws BackupError when its place cannot be written.
 */
export async function openArchive(
  start: ArchiveStart,
  onProgress: (bytesRead: number) => void,
  signal?: AbortSignal,
): Promise<Archive> {
  const worker = new Worker(THREAD_URL, { workerData: start });
  let waiting: PromiseWithResolvers<number> | undefined = Promise.withResolvers<number>();
  let over: BackupError | undefined;
  const end = (reason: string): void => {
    over ??= new BackupError(`backup to ${start.target}: ${reason}`);
    waiting?.reject(over);
    waiting = undefined;
  };
  const stop = (): void => end(String(signal?.reason));
  worker.on('message', (message: ArchiveReply) => {
    if (message.kind === 'progress') return onProgress(message.bytes);
    if (message.kind === 'failed') return end(message.reason);
    waiting?.resolve(message.bytes);
    waiting = undefined;
  });
  worker.on('error', (error) => end(error instanceof Error ? error.message : String(error)));
  worker.on('exit', () => {
    signal?.removeEventListener('abort', stop);
    end('its thread has ended');
  });
  signal?.addEventListener('abort', stop);
  await waiting.promise;
  return {
    tell: (order) => {
      if (over !== undefined) return Promise.reject(over);
      waiting = Promise.withResolvers<number>();
      worker.postMessage(order);
      return waiting.promise;
    },
    abort: async () => {
      await worker.terminate();
      await rm(`${start.target}.partial`, { force: true });
    },
  };
}
