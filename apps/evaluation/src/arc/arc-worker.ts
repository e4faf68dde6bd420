import { parentPort } from 'node:worker_threads';
import { runArcTask, type ArcTask } from './arc-task.ts';

/** Answers each task with its outcome, or with the reason why there is none. */
parentPort?.on('message', (task: ArcTask) => {
  try {
    parentPort?.postMessage({ kind: 'outcome', outcome: runArcTask(task) });
  } catch (error) {
    parentPort?.postMessage({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
  }
});
