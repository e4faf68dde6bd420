import { Worker } from 'node:worker_threads';
import type { Log } from '@fengsui/centre';

export type DemoOptions = { readonly folder: string; readonly mqttUrl: string };
export type RunningDemo = { readonly stop: () => Promise<void> };

const STOP_TIMEOUT_MS = 3_000;

/** Runs the simulated city in a thread of its own: its waveforms must not delay the centre's answers. */
export function startDemoCity({ folder, mqttUrl, log }: DemoOptions & { readonly log: Log }): RunningDemo {
  const options: DemoOptions = { folder, mqttUrl };
  const thread = new Worker(new URL('./demo-thread.ts', import.meta.url), { workerData: options });
  let stopping = false;
  thread.on('message', (message: unknown) => log.debug('demo', { message: String(message) }));
  thread.on('error', (error) =>
    log.error('the simulated city stopped', { error: error instanceof Error ? error.message : String(error) }),
  );
  const ended = new Promise<void>((resolve) => {
    thread.on('exit', (code) => {
      if (!stopping) log.error('the simulated city ended; its devices will be shown as silent', { code });
      resolve();
    });
  });
  return {
    stop: async () => {
      stopping = true;
      thread.postMessage('stop');
      const timer = setTimeout(() => void thread.terminate(), STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}
