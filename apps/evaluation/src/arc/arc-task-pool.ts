import { Worker } from 'node:worker_threads';
import { EvaluationError, type Progress } from '../suite.ts';
import type { ArcOutcome, ArcTask } from './arc-task.ts';

type Answer =
  { readonly kind: 'outcome'; readonly outcome: ArcOutcome } | { readonly kind: 'failed'; readonly reason: string };

/** A task takes seconds; one that takes this long hangs. */
const TASK_LIMIT_MS = 600_000;

/** Runs all tasks on `threads` workers; outcomes in the order of the tasks. Throws EvaluationError when one fails. */
export async function runArcTasks(
  tasks: readonly ArcTask[],
  threads: number,
  progress: Progress,
): Promise<readonly ArcOutcome[]> {
  const outcomes: ArcOutcome[] = [];
  let next = 0;
  let done = 0;
  let told = Date.now();
  const work = async (): Promise<void> => {
    const worker = new Worker(new URL('./arc-worker.ts', import.meta.url));
    try {
      for (let index = next++; index < tasks.length; index = next++) {
        const task = tasks[index];
        if (task === undefined) break;
        outcomes[index] = await ask(worker, task);
        done++;
        if (Date.now() - told > 5000) {
          told = Date.now();
          progress(`${done} of ${tasks.length} runs`);
        }
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(threads, tasks.length) }, work));
  return outcomes;
}

function ask(worker: Worker, task: ArcTask): Promise<ArcOutcome> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      worker.removeAllListeners('message');
      worker.removeAllListeners('error');
      act();
    };
    const fail = (reason: string): void => {
      settle(() => {
        reject(new EvaluationError(`${JSON.stringify(task)}: ${reason}`));
      });
    };
    const timer = setTimeout(() => {
      fail(`no answer for ${TASK_LIMIT_MS / 1000} s`);
    }, TASK_LIMIT_MS);
    worker.on('error', (error) => {
      fail(error instanceof Error ? error.message : String(error));
    });
    worker.on('message', (answer: Answer) => {
      if (answer.kind === 'failed') fail(answer.reason);
      else settle(() => resolve(answer.outcome));
    });
    worker.postMessage(task);
  });
}
