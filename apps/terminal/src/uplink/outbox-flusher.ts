import { Worker } from 'node:worker_threads';

/** Makes what an outbox has written safe against a power cut. */
export type OutboxFlusher = {
  /** Flushes what is written by now; what is asked for meanwhile shares the next flush. */
  request(): void;
  /** Flushes once more and ends, after `timeoutMs` at the latest. */
  close(timeoutMs: number): Promise<void>;
};

export type FlushOutcome = { readonly problem?: string };

const RETRY_MS = 1_000;
/** Small: a checkpoint needs little, and a terminal has little. */
const HEAP_MB = 16;

/** @param onFlushed after every flush; all that was written before its request is safe unless there was a problem. */
export function createOutboxFlusher(file: string, onFlushed: (outcome: FlushOutcome) => void): OutboxFlusher {
  let worker: Worker | undefined;
  let isBusy = false;
  let isWanted = false;
  let retryTimer: NodeJS.Timeout | undefined;
  let onIdle = (): void => undefined;

  const startWorker = (): Worker => {
    const started = new Worker(new URL('./outbox-flush-worker.ts', import.meta.url), {
      workerData: { file },
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    started.unref();
    started.on('message', (problem: unknown) => end(typeof problem === 'string' ? problem : undefined));
    started.on('error', (error) => {
      worker = undefined;
      end(error instanceof Error ? error.message : String(error));
    });
    return started;
  };
  const begin = (): void => {
    clearTimeout(retryTimer);
    isBusy = true;
    isWanted = false;
    worker ??= startWorker();
    worker.postMessage(undefined);
  };
  const end = (problem: string | undefined): void => {
    isBusy = false;
    onFlushed(problem === undefined ? {} : { problem });
    if (problem !== undefined) retryTimer = setTimeout(begin, RETRY_MS).unref();
    else if (isWanted) begin();
    else onIdle();
  };

  return {
    request() {
      if (isBusy) isWanted = true;
      else begin();
    },
    async close(timeoutMs) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, timeoutMs)));
      const idle = new Promise<void>((resolve) => (onIdle = resolve));
      if (isBusy) isWanted = true;
      else begin();
      await Promise.race([idle, late]);
      clearTimeout(timer);
      clearTimeout(retryTimer);
      await worker?.terminate();
    },
  };
}
